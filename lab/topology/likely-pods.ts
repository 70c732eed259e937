import { distance } from "fastest-levenshtein";
import type { Service, Workload } from "./model.ts";

type Pairs = Readonly<Record<string, string>>;

/**
 * Whether a workload is likely the one that a Service means, whose selector finds nothing: a slip in the labels rather
 * than an application whose workload is simply not in the set. `taken`: another Service selects the workload.
 */
export function likelyMeant(service: Service, workload: Workload, taken: boolean): boolean {
  const selector = service.selector ?? {};
  if (taken) return allButMatches(selector, workload.labels) && !Object.values(selector).includes(service.name);
  return allButMatches(selector, workload.labels) || related(service, workload);
}

/** Some of several pairs match, or a value is all but the same. */
function allButMatches(selector: Pairs, labels: Pairs): boolean {
  const pairs = Object.entries(selector);
  if (pairs.length > 1 && pairs.some(([key, value]) => labels[key] === value)) return true;
  return pairs.some(([key, value]) => {
    const label = labels[key];
    return label !== undefined && distance(value, label) <= Math.max(2, Math.floor(value.length / 3));
  });
}

/** The names, a value under another key, or the port go together. */
function related(service: Service, workload: Workload): boolean {
  const values = Object.values(workload.labels);
  if (namedAfter(workload.name, service.name) || namedAfter(service.name, workload.name)) return true;
  if (Object.values(service.selector ?? {}).some((value) => values.includes(value))) return true;
  const declared = workload.containers.flatMap(({ ports }) => ports);
  return service.ports.some(({ targetPort }) =>
    declared.some(({ name, containerPort }) => targetPort === name || targetPort === containerPort),
  );
}

/** "mango", "mango-v1" and "my-mango" are named after "mango". */
function namedAfter(name: string, stem: string): boolean {
  return stem !== "" && `-${name}-`.includes(`-${stem}-`);
}
