import type { Prototype } from "../schema.ts";
import { ambientNamespaces, namespaceOf } from "./apps.ts";
import { gatewaysOf } from "./gateways.ts";

export interface NamespaceSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Namespaces that the stack's own objects stand in, with the labels that put their pods into the ambient mesh. */
export function namespacesOf(prototype: Prototype): NamespaceSpec[] {
  const { apps, issuers, certificates, secrets } = prototype;
  const names = new Set([
    ...Object.entries(issuers).flatMap(([name, issuer]) => (issuer.local ? [] : [namespaceOf(name, issuer)])),
    ...Object.values(certificates).map(({ namespace }) => namespace),
    ...Object.values(secrets).map(({ namespace }) => namespace),
    ...gatewaysOf(prototype).map(({ namespace }) => namespace),
    ...Object.entries(apps).map(([name, app]) => namespaceOf(name, app)),
  ]);
  const ambient = ambientNamespaces(prototype);
  const waypoints = new Set(
    Object.entries(apps).flatMap(([name, app]) => (app.waypoint ? [namespaceOf(name, app)] : [])),
  );
  return [...names].sort().map((name) => ({
    name,
    labels: {
      ...(ambient.has(name) ? { "istio.io/dataplane-mode": "ambient" } : {}),
      ...(waypoints.has(name) ? { "istio.io/use-waypoint": "waypoint" } : {}),
    },
  }));
}
