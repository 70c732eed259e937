import { fieldsAt, fieldsList } from "../manifests/fields.ts";
import { formatRef } from "../manifests/object.ts";
import type { Ingress } from "../topology/model.ts";
import { certificateTrouble } from "./certificate-walk.ts";
import type { Broken } from "./diagnosis.ts";
import type { Patient } from "./patient.ts";
import { serviceTrouble } from "./service-walk.ts";

export function ingressTrouble(patient: Patient, ingress: Ingress): Broken | undefined {
  const rule = patient.findings.find(
    ({ from, severity }) => severity === "error" && formatRef(from) === formatRef(ingress.ref),
  );
  for (const { certificate } of ingress.tls) {
    const declared = certificate?.resolution.certificate;
    const trouble =
      declared && !certificate.resolution.secret ? certificateTrouble(patient.objects, declared) : undefined;
    if (trouble) return trouble;
  }
  if (rule)
    return {
      from: ingress.ref,
      to: rule.to,
      status: "the controller says nothing of it",
      meaning: rule.message,
      next: rule.fix,
    };
  for (const path of ingress.rules.flatMap(({ paths }) => paths)) {
    const trouble = path.backend.resolution.service && serviceTrouble(patient, path.backend.resolution.service);
    if (trouble) return trouble;
  }
  const addresses = fieldsList(fieldsAt(ingress.sourced.object, "status", "loadBalancer").ingress);
  if (addresses.length > 0) return undefined;
  return {
    from: ingress.ref,
    to: { kind: "IngressClass", namespace: null, name: ingress.className ?? "?" },
    status: "status.loadBalancer is empty",
    meaning: "no controller serves its class, or the controller's Service has no address",
    next: "kubectl -n ingress-nginx get pods,service; kubectl get ingressclass",
    trouble: "T3",
  };
}
