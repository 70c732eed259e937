import { fields, list } from "../manifests/fields.ts";
import { formatRef } from "../manifests/object.ts";
import type { Certificate, Topology, Workload } from "../topology/model.ts";
import { type PodReference, podReferences } from "../topology/pod-references.ts";
import { type AppName, appOfService, appOfWorkload } from "./app-of.ts";
import type { Fact, FieldPlace } from "./facts.ts";

/** Who signs the certificates of an application, whether a door or its pod holds them. */
export function certificateFacts(topology: Topology): Fact[] {
  return topology.certificates
    .filter(({ isCa }) => !isCa)
    .flatMap((certificate) =>
      usersOf(topology, certificate).flatMap((app) => [
        {
          ...app,
          topic: "who signs" as const,
          value: signer(certificate),
          where: `${formatRef(certificate.ref)} spec.issuerRef`,
          fields: [issuerField(certificate)],
        },
        ...volumesOf(topology, certificate).map((field) => ({
          ...app,
          topic: "certificate" as const,
          value: `Secret ${certificate.namespace}/${certificate.secretName}`,
          where: "a volume of the pod",
          fields: [field],
        })),
      ]),
    );
}

const MODE = "istio.io/dataplane-mode";

/** Which pods speak mTLS behind the door. */
export function meshFacts({ workloads }: Topology): Fact[] {
  return workloads.map((workload) => ({
    ...appOfWorkload(workload),
    topic: "behind the door",
    value: workload.ambient ? "mTLS between gateway and pod (ambient mesh)" : "clear text, but for passthrough",
    ...meshLabel(workload),
  }));
}

/** A pod's own label counts before its namespace's. */
function meshLabel({ ref, kind, namespace, labels, ambient }: Workload): Pick<Fact, "where" | "fields"> {
  const label = ["metadata", "labels", MODE];
  if (labels[MODE] !== undefined) {
    const path = kind === "Pod" ? label : ["spec", "template", ...label];
    return { where: `${formatRef(ref)} metadata.labels[${MODE}] of its pods`, fields: [{ ref, path }] };
  }
  if (!ambient) return { where: `Namespace ${namespace} (no label)`, fields: [] };
  const field = { ref: { kind: "Namespace", namespace: null, name: namespace }, path: label };
  return { where: `Namespace ${namespace} metadata.labels[${MODE}]`, fields: [field] };
}

/** Of a Certificate that cert-manager makes for an annotated object, the object is what is written. */
function issuerField({ ref, madeFor }: Certificate): FieldPlace {
  return madeFor === undefined
    ? { ref, path: ["spec", "issuerRef"] }
    : { ref: madeFor.ref, path: ["metadata", "annotations"] };
}

function signer({ issuer, issuerRef }: Certificate): string {
  const source = issuer?.source;
  if (source?.type === "vault") return `Vault, engine ${source.vault.mount}, role ${source.vault.role}`;
  if (source?.type === "ca") return `cert-manager, CA in Secret ${source.secretNamespace}/${source.secretName}`;
  if (source?.type === "selfSigned") return "itself";
  return `${issuerRef.kind} ${issuerRef.name}`;
}

function usersOf(topology: Topology, certificate: Certificate): AppName[] {
  const pods = topology.workloads.filter((workload) => mounts(workload, certificate)).map(appOfWorkload);
  const ingresses = topology.ingresses
    .filter(
      ({ namespace, tls }) =>
        namespace === certificate.namespace && tls.some(({ secretName }) => secretName === certificate.secretName),
    )
    .flatMap(({ namespace, rules }) =>
      rules.flatMap(({ paths }) =>
        paths.map(({ backend }) => appOfService(backend.resolution.service, namespace, backend.service)),
      ),
    );
  const listeners = topology.gateways
    .flatMap(({ listeners: all }) => all)
    .filter(({ tls }) =>
      tls?.certificates.some(
        ({ namespace, name }) => namespace === certificate.namespace && name === certificate.secretName,
      ),
    )
    .flatMap(({ attachments }) =>
      attachments.flatMap(({ route }) =>
        route.rules.flatMap(({ backends }) =>
          backends.map(({ resolution, namespace, name }) => appOfService(resolution.service, namespace, name)),
        ),
      ),
    );
  return [...pods, ...ingresses, ...listeners];
}

function mounts(workload: Workload, certificate: Certificate): boolean {
  return secretReferences(workload, certificate).length > 0;
}

function secretReferences(workload: Workload, { namespace, secretName }: Certificate): PodReference[] {
  if (workload.namespace !== namespace) return [];
  return podReferences(workload).filter(({ kind, name }) => kind === "Secret" && name === secretName);
}

/** Where pods hold a Certificate's Secret: the volume, or the whole pod where it is an environment variable. */
function volumesOf({ workloads }: Topology, certificate: Certificate): FieldPlace[] {
  return workloads
    .filter((workload) => mounts(workload, certificate))
    .map((workload) => {
      const { ref, kind, podSpec } = workload;
      const names = secretReferences(workload, certificate).map(({ where }) => where);
      const volume = list(podSpec.volumes).findIndex((one) => names.includes(`volume ${fields(one).name}`));
      const spec = kind === "Pod" ? ["spec"] : ["spec", "template", "spec"];
      return { ref, path: volume < 0 ? spec : [...spec, "volumes", volume] };
    });
}
