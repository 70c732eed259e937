import { formatRef, type KubeObject } from "../manifests/object.ts";
import type { Route, Topology } from "../topology/model.ts";
import type { Finding } from "../wiring/finding.ts";

/** What the walk looks at: live objects with their status, the topology made of them, and the static findings. */
export interface Patient {
  readonly topology: Topology;
  readonly objects: readonly KubeObject[];
  readonly findings: readonly Finding[];
  /** Kinds that the cluster does not know at all ("TLSRoute"). */
  readonly unserved: readonly string[];
}

export function ruleOf({ findings }: Patient, route: Route): Finding | undefined {
  return findings.find(({ from, severity }) => severity === "error" && formatRef(from) === formatRef(route.ref));
}
