import type { Registration } from "./registration.ts";

/**
 * Registrations in an order that is the same for every run: each after its parent, its provider and what it waits for,
 * and otherwise by URN. The order in which a program's requests arrive depends on timing.
 */
export function inStableOrder(registrations: readonly Registration[]): Registration[] {
  const byUrn = new Map(registrations.map((registration) => [registration.urn, registration]));
  const sorted = [...registrations].sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
  const done = new Set<string>();
  const result: Registration[] = [];
  const visit = (registration: Registration): void => {
    if (done.has(registration.urn)) return;
    done.add(registration.urn);
    for (const urn of before(registration)) {
      const needed = byUrn.get(urn);
      if (needed !== undefined) visit(needed);
    }
    result.push(registration);
  };
  for (const registration of sorted) visit(registration);
  return result;
}

function before({ parent, provider, dependencies }: Registration): string[] {
  const providerUrn = provider?.slice(0, provider.lastIndexOf("::"));
  return [parent, providerUrn, ...[...dependencies].sort()].filter((urn) => urn !== undefined);
}
