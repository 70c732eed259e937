import { fields, fieldsAt, fieldsList, text } from "../manifests/fields.ts";
import { formatRef, type KubeObject } from "../manifests/object.ts";
import type { Service } from "../topology/model.ts";
import type { Finding } from "../wiring/finding.ts";
import { certificateTrouble } from "./certificate-walk.ts";
import type { Broken } from "./diagnosis.ts";
import type { Patient } from "./patient.ts";
import { podsOf, podTrouble } from "./pods.ts";

/** A Service without a ready endpoint: because no pod matches, or because the pods are not ready. */
export function serviceTrouble(patient: Patient, service: Service): Broken | undefined {
  const { objects, findings } = patient;
  if (service.type === "ExternalName") return external(service);
  const slices = objects.filter(
    ({ kind, metadata }) =>
      kind === "EndpointSlice" &&
      metadata.namespace === service.namespace &&
      metadata.labels?.["kubernetes.io/service-name"] === service.name,
  );
  const ready = slices
    .flatMap((slice) => fieldsList(slice.endpoints))
    .some((endpoint) => fieldsAt(endpoint, "conditions").ready !== false);
  const rule = findings.find((finding) => finding.severity === "error" && speaksOf(finding, service));
  if (ready && !rule) return undefined;
  const pods = podsOf(objects, service.namespace, service.selector ?? {});
  for (const pod of pods) {
    const trouble = podTrouble(pod, objects);
    if (trouble) return certificateOfPod(patient, pod) ?? { ...trouble, to: service.ref };
  }
  if (rule)
    return {
      from: service.ref,
      to: rule.to,
      status: ready ? "it has endpoints" : "it has no ready endpoints",
      meaning: rule.message,
      next: rule.fix,
    };
  return {
    from: service.ref,
    to: null,
    status: "it has no ready endpoints",
    meaning:
      pods.length === 0
        ? service.selector === undefined
          ? "it has no selector, and nobody has made an EndpointSlice for it: clients see 503"
          : "its selector matches no pod: clients see 503"
        : "its pods are there but none is ready: clients see 503",
    next: `kubectl -n ${service.namespace} get ${podsOrSlices(service)}`,
  };
}

function podsOrSlices({ name, selector }: Service): string {
  if (selector === undefined) return `endpointslices -l kubernetes.io/service-name=${name}`;
  const pairs = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  return `pods -l ${pairs.join(",")}`;
}

/** Gateway API forbids to follow an ExternalName, as it leads around every ReferenceGrant; implementations differ. */
function external({ ref, namespace, name, externalName }: Service): Broken {
  return {
    from: ref,
    to: null,
    status: `type: ExternalName, externalName: ${externalName ?? "?"}`,
    meaning: "gateways should not follow such a Service, and it has no endpoints: clients see 5xx",
    next: `kubectl -n ${namespace} get service ${name} -o yaml; use a Service with a selector, or with EndpointSlices made by hand`,
  };
}

/** What is wrong with the Service itself, or with a policy for it; not what another route may not do with it. */
function speaksOf({ from, to }: Finding, { ref }: Service): boolean {
  if (formatRef(from) === formatRef(ref)) return true;
  return to !== null && formatRef(to) === formatRef(ref) && !/Route$|^Ingress$/.test(from.kind);
}

/** A pod that waits for a Secret waits for the Certificate that makes it. */
function certificateOfPod({ objects, topology }: Patient, pod: KubeObject): Broken | undefined {
  const { namespace } = pod.metadata;
  const secrets = fieldsList(fields(pod.spec).volumes).map((volume) => text(fields(volume.secret).secretName));
  for (const certificate of topology.certificates) {
    const { secretName } = certificate;
    if (certificate.namespace !== namespace || !secrets.includes(secretName)) continue;
    const there = objects.some(
      ({ kind, metadata }) => kind === "Secret" && metadata.namespace === namespace && metadata.name === secretName,
    );
    const trouble = there ? undefined : certificateTrouble(objects, certificate);
    if (trouble) return trouble;
  }
  return undefined;
}
