import type { Kubectl } from "../live/kubectl.ts";
import type { KubeObject } from "../manifests/object.ts";
import { ASSUMED, type Known } from "../topology/known.ts";
import { buildTopology } from "../topology/topology.ts";
import { checkWiring } from "../wiring/wiring.ts";
import type { Diagnosis, Examination } from "./diagnosis.ts";
import { type LiveSet, readLiveSet } from "./live-set.ts";
import { podTrouble } from "./pods.ts";
import { diagnose } from "./walk.ts";

/** Namespaces whose pods everything else stands on. */
const platformNamespaces = [
  "metallb-system",
  "istio-system",
  "cert-manager",
  "vault",
  "ingress-nginx",
  "nginx-gateway",
];

/** Looks at a live cluster and says for every path what its first broken wire is. Works on any cluster with such objects. */
export async function examine(
  kubectl: Kubectl,
  report: (line: string) => void,
  known: Known = ASSUMED,
): Promise<Examination> {
  return examineSet(await readLiveSet(kubectl, report), known);
}

/** The same for objects that are already there; of kinds that are hidden none counts as missing. */
export function examineSet({ objects, hidden, unserved }: LiveSet, known: Known = ASSUMED): Examination {
  const classes = objects.filter(({ kind }) => kind === "GatewayClass").map(({ metadata }) => metadata.name);
  const topology = buildTopology(
    objects.map((object) => ({ object })),
    { ...known, gatewayClasses: [...new Set([...known.gatewayClasses, ...classes])], complete: true },
  );
  const findings = checkWiring(topology).filter(({ to }) => to === null || !hidden.includes(to.kind));
  return {
    diagnoses: [...platformTroubles(objects), ...diagnose({ topology, objects, findings, unserved })],
    doubts: findings.filter(({ severity }) => severity === "warning"),
  };
}

/** Pods of the platform that are not ready, each a diagnosis of its own: what stands on them is broken, too. */
function platformTroubles(objects: readonly KubeObject[]): Diagnosis[] {
  return objects
    .filter(({ kind, metadata }) => kind === "Pod" && platformNamespaces.includes(metadata.namespace ?? ""))
    .filter((pod) => !isDone(pod))
    .flatMap((pod) => {
      const broken = podTrouble(pod, objects);
      return broken ? [{ path: `platform: pod ${pod.metadata.namespace}/${pod.metadata.name}`, broken }] : [];
    });
}

/** Pods of Jobs end, and are then not ready for good. */
function isDone({ status }: KubeObject): boolean {
  return typeof status === "object" && status !== null && Reflect.get(status, "phase") === "Succeeded";
}
