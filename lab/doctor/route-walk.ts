import { type Fields, fields, fieldsAt, fieldsList, text } from "../manifests/fields.ts";
import { formatRef } from "../manifests/object.ts";
import type { Attachment, BackendRef, Route } from "../topology/model.ts";
import { conditionsOf, conditionText, failing, outdated } from "./conditions.ts";
import type { Broken } from "./diagnosis.ts";
import { type Patient, ruleOf } from "./patient.ts";
import { serviceTrouble } from "./service-walk.ts";

/** Conditions of a route for one parent, in the order in which controllers decide them. */
const WANTED = ["Accepted", "ResolvedRefs"];

/**
 * A route that leads to no listener. A parent that does not exist leaves no status at all (T15), and only the static check
 * can tell why; of a listener that does not exist the controller says so itself.
 */
export function unattached(patient: Patient, route: Route): Broken {
  const rule = ruleOf(patient, route);
  const kind = route.kind.toLowerCase();
  const leads = route.attachments.some(({ accepted }) => accepted);
  const said = parentsOf(route)
    .map((parent) => failing(conditionsOf(parent), WANTED))
    .find(Boolean);
  const unserved = `its parentRef is right, so the controller does not look at ${route.kind}s: its version does not know them as they are served here, or it was started before their CRD was there`;
  return {
    from: route.ref,
    to: rule?.to ?? null,
    status: said ? conditionText(said) : "no controller has written a status for it",
    meaning: rule?.message ?? (leads ? unserved : "its parentRef leads nowhere"),
    next:
      rule?.fix ??
      (leads
        ? `kubectl get crd ${kind}s.gateway.networking.k8s.io -o jsonpath='{.spec.versions[*].name}'; compare docs/versions.md`
        : `kubectl -n ${route.namespace} get ${kind} ${route.name} -o yaml`),
    ...(said ? {} : { trouble: rule === undefined && leads ? "T4" : "T15" }),
  };
}

export function attachmentTrouble(patient: Patient, attachment: Attachment): Broken | undefined {
  const { route, accepted } = attachment;
  const parents = parentsOf(route);
  if (parents.length === 0) return unattached(patient, route);
  const own = parents.filter((parent) => isAbout(fields(parent.parentRef), attachment));
  const conditions = own.flatMap(conditionsOf);
  const old = outdated(route.sourced.object, conditions);
  const failed = own.map((parent) => failing(conditionsOf(parent), WANTED)).find(Boolean);
  if (!failed && accepted && old === undefined) return undefined;
  const rule = ruleOf(patient, route);
  const grants = failed?.reason === "NotAllowedByListeners" || failed?.reason === "RefNotPermitted";
  return {
    from: route.ref,
    to: rule?.to ?? null,
    status: old ?? (failed ? conditionText(failed) : "accepted elsewhere, not by this listener"),
    meaning:
      rule?.message ??
      (old === undefined
        ? "the listener does not take the route"
        : "the controller has not looked at the last change: it does not run, or is far behind"),
    next: rule?.fix ?? `kubectl -n ${route.namespace} describe ${route.kind.toLowerCase()} ${route.name}`,
    ...(grants ? { trouble: "T26" } : {}),
  };
}

function parentsOf(route: Route): Fields[] {
  return fieldsList(fieldsAt(route.sourced.object, "status").parents);
}

/** Whether a status' parentRef is the one by which the route attaches to this listener. */
function isAbout(parentRef: Fields, { parent, route }: Attachment): boolean {
  const name = text(parentRef.name) === parent.name;
  const namespace = (text(parentRef.namespace) ?? route.namespace) === parent.namespace;
  const section = text(parentRef.sectionName);
  return (
    name && namespace && (section === undefined || parent.sectionName === undefined || section === parent.sectionName)
  );
}

/** From the route's rules to the pods; what its controller accepted is not yet known to lead anywhere. */
export function backendTrouble(patient: Patient, route: Route): Broken | undefined {
  for (const backend of route.rules.flatMap(({ backends }) => backends)) {
    const { service } = backend.resolution;
    const trouble = unresolved(patient, route, backend) ?? (service && serviceTrouble(patient, service));
    if (trouble) return trouble;
  }
  return undefined;
}

/** Controllers look whether a Service is there, not whether it has the port: the route says that all is resolved. */
function unresolved({ findings }: Patient, route: Route, { kind, namespace, name, resolution }: BackendRef) {
  if (resolution.reason === undefined) return undefined;
  const to = { kind, namespace, name };
  const rule = findings.find(
    (finding) =>
      finding.severity === "error" &&
      formatRef(finding.from) === formatRef(route.ref) &&
      finding.to !== null &&
      formatRef(finding.to) === formatRef(to),
  );
  if (rule === undefined) return undefined;
  return {
    from: route.ref,
    to,
    status: "Accepted=True, ResolvedRefs=True: its controller says nothing of it",
    meaning: rule.message,
    next: rule.fix,
  };
}
