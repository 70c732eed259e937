import { fields, fieldsList, text, textMap } from "../../manifests/fields.ts";
import { KINDS } from "../../manifests/object-index.ts";
import type { Topology, Workload } from "../../topology/model.ts";
import type { SecretUse } from "../plan/model.ts";

/** How the pods of a workload end TLS themselves. */
export interface PodTls {
  /** The mounted Secret with their certificate. */
  readonly secret: SecretUse;
  /** The ports on which they speak TLS. */
  readonly ports: ReadonlySet<number>;
}

/**
 * Finds out whether a workload's pods speak TLS: they mount a TLS Secret, and a mounted ConfigMap says `listen … ssl`
 * as nginx spells it, or a container has port 443 or 8443.
 */
export function podTls(workload: Workload, topology: Topology): PodTls | undefined {
  const volumes = fieldsList(workload.podSpec.volumes);
  const secret = volumes
    .map((volume) => text(fields(volume.secret).secretName))
    .find((name) => name !== undefined && isTlsSecret(topology, workload.namespace, name));
  if (secret === undefined) return undefined;
  const ports = new Set<number>();
  for (const volume of volumes) {
    const name = text(fields(volume.configMap).name);
    const map = name === undefined ? undefined : topology.objects.get(KINDS.configMap, workload.namespace, name);
    for (const content of Object.values(textMap(map?.object.data))) {
      for (const [, port] of content.matchAll(/^\s*listen\s+(?:\S+:)?(\d+)\s+[^;]*\bssl\b/gm)) ports.add(Number(port));
    }
  }
  if (ports.size === 0) {
    const declared = workload.containers.flatMap((container) => container.ports.map((port) => port.containerPort));
    for (const port of declared) if (port === 443 || port === 8443) ports.add(port);
  }
  if (ports.size === 0) return undefined;
  const certificate = topology.certificates.find(
    (candidate) => candidate.namespace === workload.namespace && candidate.secretName === secret,
  );
  const names = certificate?.dnsNames ?? [];
  return {
    secret: { namespace: workload.namespace, name: secret, hostnames: names, declared: names.length > 0 },
    ports,
  };
}

function isTlsSecret(topology: Topology, namespace: string, name: string): boolean {
  const secret = topology.objects.get(KINDS.secret, namespace, name);
  if (secret !== undefined) return secret.object.type === "kubernetes.io/tls";
  return (
    topology.certificates.some((c) => c.namespace === namespace && c.secretName === name) ||
    /(tls|cert|ssl)/i.test(name)
  );
}
