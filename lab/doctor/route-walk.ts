import { type Fields, fields, fieldsAt, fieldsList, text } from "../manifests/fields.ts";
import type { Attachment, Route } from "../topology/model.ts";
import { conditionsOf, conditionText, failing } from "./conditions.ts";
import type { Broken } from "./diagnosis.ts";
import { type Patient, ruleOf } from "./patient.ts";
import { serviceTrouble } from "./service-walk.ts";

/** No parent status at all is what a wrong parentRef looks like (T15): only the static check can tell why. */
export function unattached(patient: Patient, route: Route): Broken {
  const rule = ruleOf(patient, route);
  const kind = route.kind.toLowerCase();
  const leads = route.attachments.some(({ accepted }) => accepted);
  const unserved = `its parentRef is right, so the controller does not look at ${route.kind}s: its version does not know them as they are served here, or it was started before their CRD was there`;
  return {
    from: route.ref,
    to: rule?.to ?? null,
    status: "no controller has written a status for it",
    meaning: rule?.message ?? (leads ? unserved : "its parentRef leads nowhere"),
    next:
      rule?.fix ??
      (leads
        ? `kubectl get crd ${kind}s.gateway.networking.k8s.io -o jsonpath='{.spec.versions[*].name}'; compare docs/versions.md`
        : `kubectl -n ${route.namespace} get ${kind} ${route.name} -o yaml`),
    trouble: rule === undefined && leads ? "T4" : "T15",
  };
}

export function attachmentTrouble(patient: Patient, attachment: Attachment): Broken | undefined {
  const { route, accepted } = attachment;
  const parents = fieldsList(fieldsAt(route.sourced.object, "status").parents);
  if (parents.length === 0) return unattached(patient, route);
  const own = parents.filter((parent) => isAbout(fields(parent.parentRef), attachment));
  const failed = own.map((parent) => failing(conditionsOf(parent), ["Accepted", "ResolvedRefs"])).find(Boolean);
  if (!failed && accepted) return undefined;
  const rule = ruleOf(patient, route);
  const grants = failed?.reason === "NotAllowedByListeners" || failed?.reason === "RefNotPermitted";
  return {
    from: route.ref,
    to: rule?.to ?? null,
    status: failed ? conditionText(failed) : "accepted elsewhere, not by this listener",
    meaning: rule?.message ?? "the listener does not take the route",
    next: rule?.fix ?? `kubectl -n ${route.namespace} describe ${route.kind.toLowerCase()} ${route.name}`,
    ...(grants ? { trouble: "T26" } : {}),
  };
}

/** Whether a status' parentRef is the one by which the route attaches to this listener. */
function isAbout(parentRef: Fields, { parent }: Attachment): boolean {
  const name = text(parentRef.name) === parent.name;
  const section = text(parentRef.sectionName);
  return name && (section === undefined || parent.sectionName === undefined || section === parent.sectionName);
}

export function backendTrouble(patient: Patient, route: Route): Broken | undefined {
  for (const { resolution } of route.rules.flatMap(({ backends }) => backends)) {
    const trouble = resolution.service && serviceTrouble(patient, resolution.service);
    if (trouble) return trouble;
  }
  return undefined;
}
