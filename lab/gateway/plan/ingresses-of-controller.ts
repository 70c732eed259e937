import { fields } from "../../manifests/fields.ts";
import { KINDS } from "../../manifests/object-index.ts";
import type { Ingress, Topology } from "../../topology/model.ts";

/** The Ingresses that ingress-nginx serves, in the order in which it lets one win over another. */
export function ingressesOfController(topology: Topology): Ingress[] {
  return topology.ingresses.filter((ingress) => !isForeign(ingress, topology)).sort(compareIngresses);
}

/** Whether the set has the Ingress' class, and gives it to another controller. */
function isForeign({ className }: Ingress, { objects }: Topology): boolean {
  if (className === undefined) return false;
  const ingressClass = objects.get(KINDS.ingressClass, null, className);
  const { controller } = fields(ingressClass?.object.spec);
  return controller !== undefined && controller !== "k8s.io/ingress-nginx";
}

/** Older first, then by name. */
function compareIngresses(a: Ingress, b: Ingress): number {
  const [created, other] = [a, b].map((i) => Date.parse(String(i.sourced.object.metadata.creationTimestamp)));
  if (created !== undefined && other !== undefined && created !== other) {
    if (!Number.isNaN(created) && !Number.isNaN(other)) return created - other;
  }
  const [left, right] = [`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
