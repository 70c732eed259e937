import { fieldsAt, fieldsList, text } from "../manifests/fields.ts";
import { formatRef, type Ref } from "../manifests/object.ts";
import { kindsOfProtocol } from "../topology/attachment.ts";
import { GATEWAY_GROUP } from "../topology/certificate-refs.ts";
import type { CertificateRef, Listener } from "../topology/model.ts";
import { certificateTrouble } from "./certificate-walk.ts";
import { conditionsOf, conditionText, failing } from "./conditions.ts";
import type { Broken } from "./diagnosis.ts";
import type { Patient } from "./patient.ts";

/** From a listener to its Secret. The Gateway as a whole may say Programmed with a dead listener in it. */
export function listenerTrouble(patient: Patient, listener: Listener): Broken | undefined {
  const { objects, findings } = patient;
  const certificates = listener.tls?.mode === "Passthrough" ? [] : (listener.tls?.certificates ?? []);
  for (const { resolution } of certificates) {
    const trouble = resolution.certificate && certificateTrouble(objects, resolution.certificate);
    if (trouble && resolution.secret === undefined) return trouble;
  }
  const { ref, sourced } = listener.owner;
  const statuses = fieldsList(fieldsAt(sourced.object, "status").listeners);
  const own = statuses.find((status) => text(status.name) === listener.name);
  // of a refused reference istiod also says Accepted=False, with a reason that leads elsewhere
  const failed = failing(conditionsOf(own), ["ResolvedRefs", "Accepted", "Programmed"]);
  if (!failed) return undefined;
  const status = `listener ${listener.name}: ${conditionText(failed)}`;
  const trouble = failed.reason === "RefNotPermitted" ? { trouble: "T26" } : {};
  const rule = findings.find(
    ({ from, severity, message }) =>
      severity === "error" && formatRef(from) === formatRef(ref) && message.startsWith(`listener ${listener.name}:`),
  );
  if (rule) return { from: ref, to: rule.to, status, meaning: rule.message, next: rule.fix, ...trouble };
  return (
    unmade(ref, status, certificates) ?? {
      from: ref,
      to: null,
      status,
      meaning: "the listener does not serve; the Gateway as a whole may still say Programmed",
      next: `kubectl -n ${listener.namespace} describe ${ref.kind.toLowerCase()} ${ref.name}`,
      ...trouble,
    }
  );
}

/** A listener whose kind of route the cluster does not know: with its CRD all routes of it have gone. */
export function unroutable({ unserved }: Patient, listener: Listener): Broken | undefined {
  const kinds = kindsOfProtocol(listener) ?? [];
  if (kinds.length === 0 || !kinds.every((kind) => unserved.includes(kind))) return undefined;
  const crds = kinds.map((kind) => `${kind.toLowerCase()}s.${GATEWAY_GROUP}`);
  return {
    from: listener.owner.ref,
    to: { kind: "CustomResourceDefinition", namespace: null, name: crds[0] ?? "" },
    status: `listener ${listener.name}: no route is attached`,
    meaning: `the cluster does not know ${kinds.join(" or ")}s, which are what a listener of protocol ${listener.protocol} serves: their CRD is missing`,
    next: `kubectl get crd ${crds.join(" ")}; install the Gateway API's CRDs (docs/versions.md)`,
    trouble: "T4",
  };
}

/** A Secret that is gone although its Certificate says that all is well: cert-manager has not noticed. */
function unmade(from: Ref, status: string, certificates: readonly CertificateRef[]): Broken | undefined {
  const missing = certificates.find(({ resolution }) => resolution.certificate && !resolution.secret);
  const certificate = missing?.resolution.certificate;
  if (!missing || !certificate) return undefined;
  const { namespace, name } = missing;
  return {
    from,
    to: { kind: "Secret", namespace, name },
    status,
    meaning: `Secret ${namespace}/${name} is gone, and ${formatRef(certificate.ref)} still says that it is ready: cert-manager, which makes it anew within seconds, does not run`,
    next: `kubectl -n cert-manager get pods; kubectl -n ${namespace} describe certificate ${certificate.name}`,
    trouble: "T8",
  };
}
