import { formatRef } from "../manifests/object.ts";
import type { Certificate, Topology, Workload } from "../topology/model.ts";
import { podReferences } from "../topology/pod-references.ts";
import { appOfService, appOfWorkload } from "./app-of.ts";
import type { Fact } from "./facts.ts";

/** Who signs the certificates of an application, whether a door or its pod holds them. */
export function certificateFacts(topology: Topology): Fact[] {
  return topology.certificates
    .filter(({ isCa }) => !isCa)
    .flatMap((certificate) =>
      usersOf(topology, certificate).flatMap((app) => [
        {
          app,
          topic: "who signs" as const,
          value: signer(certificate),
          where: `${formatRef(certificate.ref)} spec.issuerRef`,
        },
        ...(holdsItself(topology, certificate)
          ? [
              {
                app,
                topic: "certificate" as const,
                value: `Secret ${certificate.namespace}/${certificate.secretName}`,
                where: "a volume of the pod",
              },
            ]
          : []),
      ]),
    );
}

/** Which pods speak mTLS behind the door. */
export function meshFacts({ workloads }: Topology): Fact[] {
  return workloads.map((workload) => ({
    app: appOfWorkload(workload),
    topic: "behind the door",
    value: workload.ambient ? "mTLS between gateway and pod (ambient mesh)" : "clear text, but for passthrough",
    where: workload.ambient
      ? `Namespace ${workload.namespace} metadata.labels[istio.io/dataplane-mode]`
      : `Namespace ${workload.namespace} (no label)`,
  }));
}

function signer({ issuer, issuerRef }: Certificate): string {
  const source = issuer?.source;
  if (source?.type === "vault") return `Vault, engine ${source.vault.mount}, role ${source.vault.role}`;
  if (source?.type === "ca") return `cert-manager, CA in Secret ${source.secretNamespace}/${source.secretName}`;
  if (source?.type === "selfSigned") return "itself";
  return `${issuerRef.kind} ${issuerRef.name}`;
}

function usersOf(topology: Topology, certificate: Certificate): string[] {
  const pods = topology.workloads.filter((workload) => mounts(workload, certificate)).map(appOfWorkload);
  const ingresses = topology.ingresses
    .filter(
      ({ namespace, tls }) =>
        namespace === certificate.namespace && tls.some(({ secretName }) => secretName === certificate.secretName),
    )
    .flatMap(({ rules }) =>
      rules.flatMap(({ paths }) =>
        paths.map(({ backend }) => appOfService(backend.resolution.service, backend.service)),
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
          backends.map(({ resolution, name }) => appOfService(resolution.service, name)),
        ),
      ),
    );
  return [...new Set([...pods, ...ingresses, ...listeners])];
}

function mounts(workload: Workload, { namespace, secretName }: Certificate): boolean {
  if (workload.namespace !== namespace) return false;
  return podReferences(workload).some(({ kind, name }) => kind === "Secret" && name === secretName);
}

function holdsItself({ workloads }: Topology, certificate: Certificate): boolean {
  return workloads.some((workload) => mounts(workload, certificate));
}
