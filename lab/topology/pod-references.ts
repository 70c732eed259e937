import { type Fields, fields, fieldsList, text } from "../manifests/fields.ts";
import type { Workload } from "./model.ts";

/** An object that pods need before they start, and where the pod template names it. */
export interface PodReference {
  readonly kind: "Secret" | "ConfigMap" | "PersistentVolumeClaim";
  readonly name: string;
  /** "volume tls", "env PASSWORD of container app", … */
  readonly where: string;
}

/** The Secrets, ConfigMaps and claims that a workload's volumes and environment need (those marked optional left out). */
export function podReferences(workload: Workload): PodReference[] {
  const { podSpec } = workload;
  const references = fieldsList(podSpec.volumes).flatMap((volume) => volumeReferences(volume, workload));
  for (const container of [...fieldsList(podSpec.initContainers), ...fieldsList(podSpec.containers)]) {
    references.push(...environmentReferences(container));
  }
  return references;
}

function volumeReferences(volume: Fields, workload: Workload): PodReference[] {
  const where = `volume ${text(volume.name) ?? ""}`;
  const projected = fieldsList(fields(volume.projected).sources);
  const claim = fields(volume.persistentVolumeClaim);
  return [
    ...reference("Secret", fields(volume.secret), "secretName", where),
    ...reference("ConfigMap", fields(volume.configMap), "name", where),
    ...projected.flatMap((source) => [
      ...reference("Secret", fields(source.secret), "name", where),
      ...reference("ConfigMap", fields(source.configMap), "name", where),
    ]),
    ...(madeByTemplate(workload, volume) ? [] : reference("PersistentVolumeClaim", claim, "claimName", where)),
  ];
}

/** A StatefulSet makes the claims of its own templates. */
function madeByTemplate(workload: Workload, volume: Fields): boolean {
  const templates = fieldsList(fields(workload.sourced.object.spec).volumeClaimTemplates);
  return templates.some((template) => fields(template.metadata).name === volume.name);
}

function environmentReferences(container: Fields): PodReference[] {
  const of = `of container ${text(container.name) ?? ""}`;
  return [
    ...fieldsList(container.env).flatMap((entry) => {
      const from = fields(entry.valueFrom);
      const where = `env ${text(entry.name) ?? ""} ${of}`;
      return [
        ...reference("Secret", fields(from.secretKeyRef), "name", where),
        ...reference("ConfigMap", fields(from.configMapKeyRef), "name", where),
      ];
    }),
    ...fieldsList(container.envFrom).flatMap((from) => [
      ...reference("Secret", fields(from.secretRef), "name", `envFrom ${of}`),
      ...reference("ConfigMap", fields(from.configMapRef), "name", `envFrom ${of}`),
    ]),
  ];
}

function reference(kind: PodReference["kind"], source: Fields, field: string, where: string): PodReference[] {
  const name = text(source[field]);
  return name === undefined || name === "" || source.optional === true ? [] : [{ kind, name, where }];
}
