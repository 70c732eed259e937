import { KINDS } from "../../manifests/object-index.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import type { Topology, Workload } from "../../topology/model.ts";
import { type PodReference, podReferences } from "../../topology/pod-references.ts";
import { error, type Finding } from "../finding.ts";
import { nearest } from "../names.ts";
import { isAutomaticConfigMap } from "./backend-tls.ts";

const KIND_KEYS = {
  Secret: KINDS.secret,
  ConfigMap: KINDS.configMap,
  PersistentVolumeClaim: KINDS.persistentVolumeClaim,
} as const;

/** W37: what pods mount or read into their environment exists; otherwise they wait for it without end. */
export function volumes(topology: Topology): Finding[] {
  return topology.workloads.flatMap((workload) =>
    podReferences(workload).flatMap((reference) => missingReference(workload, reference, topology)),
  );
}

function missingReference(workload: Workload, { kind, name, where }: PodReference, topology: Topology): Finding[] {
  const { objects, known, certificateRefs } = topology;
  const { namespace } = workload;
  if (isUnknown(name) || isUnknown(namespace)) return [];
  const { state } =
    kind === "Secret"
      ? { state: certificateRefs.secretState(namespace, name) }
      : objects.lookup(KIND_KEYS[kind], namespace, name);
  if (state !== "missing") return [];
  if (known.provided?.has(`${kind}/${namespace}/${name}`)) return [];
  if (kind === "ConfigMap" && isAutomaticConfigMap(name)) return [];
  const made = kind === "Secret" ? ", and no Certificate makes it" : "";
  const message = `${where} needs ${kind} ${namespace}/${name}, which does not exist${made}: the pods never start`;
  const here = objects.all(KIND_KEYS[kind]).map(({ object }) => object.metadata);
  const elsewhere = here.find((metadata) => metadata.name === name);
  const near = nearest(
    name,
    here.filter((metadata) => (metadata.namespace ?? "default") === namespace).map((m) => m.name),
  );
  const fix =
    elsewhere !== undefined
      ? `${kind}s are per namespace: make it in ${namespace} as well as in ${elsewhere.namespace ?? "default"}`
      : near !== undefined
        ? `name ${kind} ${near}`
        : `add ${kind} ${namespace}/${name}${kind === "Secret" ? `, or a Certificate with secretName: ${name}` : ""}`;
  return [error("W37", { from: workload.ref, to: { kind, namespace, name }, message, fix })];
}
