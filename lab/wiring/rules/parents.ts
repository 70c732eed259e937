import { fieldsAt } from "../../manifests/fields.ts";
import { formatRef, type Ref } from "../../manifests/object.ts";
import { KINDS } from "../../manifests/object-index.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import { kindsOfProtocol, targetedListeners } from "../../topology/attachment.ts";
import { GATEWAY_GROUP } from "../../topology/certificate-refs.ts";
import { intersectHostnames } from "../../topology/hostnames.ts";
import type { Attachment, Gateway, Listener, ListenerSet, ParentRef, Route, Topology } from "../../topology/model.ts";
import { error, type Finding, warning } from "../finding.ts";
import { listed, nearest } from "../names.ts";
import { hasBadHostname } from "./hostnames.ts";

/** W15–W21 and W23: every parentRef leads to a listener that takes the route; each stops at its first error. */
export function parents(topology: Topology): Finding[] {
  return [
    ...topology.routes.flatMap((route) => {
      const attachments = byParent(route.attachments);
      return [
        ...route.parents.flatMap((parent) => oneParent(route, parent, attachments.get(parent) ?? [], topology)),
        ...sameParentTwice(route),
        ...ignoredHostnames(route),
      ];
    }),
    ...topology.listenerSets.flatMap((listenerSet) => listenerSetParent(listenerSet, topology)),
  ];
}

function byParent(attachments: readonly Attachment[]): Map<ParentRef, Attachment[]> {
  const groups = new Map<ParentRef, Attachment[]>();
  for (const attachment of attachments) {
    const same = groups.get(attachment.parent);
    if (same === undefined) groups.set(attachment.parent, [attachment]);
    else same.push(attachment);
  }
  return groups;
}

function oneParent(route: Route, parent: ParentRef, attachments: readonly Attachment[], topology: Topology): Finding[] {
  const from = route.ref;
  const to: Ref = { kind: parent.kind, namespace: parent.namespace, name: parent.name };
  const { target } = parent;
  if (target === undefined || target === "other") return noParent(route, parent, to, topology);
  if (target.ref.kind === "ListenerSet" && !("accepted" in target && target.accepted)) return [];
  if (attachments.length === 0) return noListener(route, parent, to, target);
  const accepted = attachments.filter((attachment) => attachment.accepted);
  if (accepted.length === 0) return refused(route, parent, to, attachments);
  if (parent.sectionName !== undefined || parent.port !== undefined || accepted.length === attachments.length)
    return [];
  const missed = attachments.filter((attachment) => !attachment.accepted);
  const message = `names no sectionName: of ${formatRef(to)}'s ${attachments.length} listeners only ${names(accepted)} took it, ${names(missed)} did not (${[...new Set(missed.map((a) => a.reason))].join(", ")})`;
  const fix = `name the listener that is meant: sectionName: ${accepted[0]?.listener.name}`;
  return [warning("W20", { from, to, message, fix, path: `/spec/parentRefs/${parent.index}` })];
}

/** W17 */
function noParent(route: Route, parent: ParentRef, to: Ref, { objects, gateways }: Topology): Finding[] {
  const found = (message: string, fix: string) => [
    error("W17", { from: route.ref, to, message, fix, path: `/spec/parentRefs/${parent.index}` }),
  ];
  if (parent.target === "other") {
    if (parent.group === "" && parent.kind === "Service") {
      if (objects.lookup(KINDS.service, parent.namespace, parent.name).state !== "missing") return [];
      return found(`its parent ${formatRef(to)} does not exist`, "name a Service of the set");
    }
    if (parent.group !== GATEWAY_GROUP || isUnknown(parent.kind)) return [];
    return found(`its parentRef is of kind ${parent.kind}, which takes no routes`, "set kind: Gateway");
  }
  if (parent.undecided) return [];
  const elsewhere = gateways.filter(({ name }) => name === parent.name);
  const near = nearest(
    parent.name,
    gateways.filter(({ namespace }) => namespace === parent.namespace).map(({ name }) => name),
  );
  const fix =
    elsewhere[0] !== undefined
      ? `set parentRefs: [{ name: ${parent.name}, namespace: ${elsewhere[0].namespace} }]`
      : near !== undefined
        ? `set parentRefs: [{ name: ${near} }]`
        : `add ${formatRef(to)}, or name one of the set: ${listed(gateways.map(({ namespace, name }) => `${namespace}/${name}`))}`;
  return found(`its parent ${formatRef(to)} does not exist: the route gets no status at all and serves nothing`, fix);
}

/** W18 */
function noListener(route: Route, parent: ParentRef, to: Ref, target: Gateway | ListenerSet): Finding[] {
  const all = targetedListeners({ ...parent, sectionName: undefined, port: undefined }, target);
  if (all.length === 0 || isUnknown(parent.sectionName) || isUnknown(parent.port)) return [];
  const asked = [
    ...(parent.sectionName === undefined ? [] : [`sectionName ${parent.sectionName}`]),
    ...(parent.port === undefined ? [] : [`port ${parent.port}`]),
  ].join(" and ");
  const has = listed(all.map(({ name, port }) => `${name} (${port})`));
  const meant = nearest(
    parent.sectionName ?? "",
    all.map(({ name }) => name),
  );
  const [first] = all;
  const fix =
    parent.sectionName === undefined ? `set port: ${first?.port}` : `set sectionName: ${meant ?? first?.name}`;
  const message = `no listener of ${formatRef(to)} has ${asked} (NoMatchingParent); it has ${has}`;
  return [error("W18", { from: route.ref, to, message, fix, path: `/spec/parentRefs/${parent.index}` })];
}

/** W16, W23, W15, W21; W20 when several listeners refused for different reasons. */
function refused(route: Route, parent: ParentRef, to: Ref, attachments: readonly Attachment[]): Finding[] {
  const reasons = new Set(attachments.map(({ failed }) => failed));
  const path = `/spec/parentRefs/${parent.index}`;
  const found = (rule: string, message: string, fix: string) => [
    error(rule, { from: route.ref, to, message, fix, path }),
  ];
  const [first] = attachments;
  if (first === undefined) return [];
  if (reasons.size > 1) {
    const why = attachments.map(({ listener, reason }) => `${listener.name}: ${reason}`).join(", ");
    const message = `no listener of ${formatRef(to)} accepts it (${why})`;
    return found("W20", message, "name the listener that is meant with sectionName, and mend what it refuses");
  }
  const where = `${formatRef(to)}, listener${attachments.length > 1 ? "s" : ""} ${names(attachments)}`;
  if (first.failed === "kind") return kindRefused(route, where, first.listener, found);
  if (first.failed === "namespace") {
    const { from } = first.listener.allowed;
    const fix =
      from === "Selector"
        ? `give Namespace ${route.namespace} the labels that the listener's allowedRoutes.namespaces.selector asks for`
        : `add to the listener: allowedRoutes: { namespaces: { from: All } }, or from: Selector with a label of Namespace ${route.namespace}`;
    const allows =
      from === "Same" ? `only routes of namespace ${first.listener.namespace}` : `namespaces from: ${from}`;
    return found(
      "W15",
      `${where} refuses routes of namespace ${route.namespace}: it allows ${allows} (NotAllowedByListeners)`,
      fix,
    );
  }
  if (hasBadHostname(route.hostnames) || attachments.some((a) => hasBadHostname([a.listener.hostname ?? "*"])))
    return [];
  const offered = listed([...new Set(attachments.map(({ listener }) => listener.hostname ?? "any host"))]);
  const message = `its hostnames ${listed(route.hostnames)} share no host with ${where}: ${offered} (NoMatchingListenerHostname)`;
  return found("W21", message, `use a hostname under ${offered}, or change the listener's hostname`);
}

function kindRefused(
  route: Route,
  where: string,
  listener: Listener,
  found: (rule: string, message: string, fix: string) => Finding[],
): Finding[] {
  const byProtocol = kindsOfProtocol(listener);
  const mode = listener.tls === undefined ? "" : `, mode ${listener.tls.mode}`;
  const protocol = `${listener.protocol}${listener.protocol === "TLS" ? mode : ""}`;
  // A listener that lists its kinds has said no by that list (W16), whatever its protocol.
  if (listener.allowed.kinds === undefined && byProtocol !== undefined && !byProtocol.includes(route.kind)) {
    if (route.kind === "TLSRoute") {
      const message = `a TLSRoute attaches only to listeners of protocol TLS, but ${where} has protocol ${protocol}`;
      return found("W23", message, "set the listener's protocol: TLS with tls.mode, or use an HTTPRoute");
    }
    if (route.kind === "HTTPRoute" && listener.protocol === "TLS" && listener.tls?.mode === "Passthrough") {
      const message = `an HTTPRoute needs the gateway to read HTTP, but ${where} has protocol ${protocol}`;
      return found("W23", message, "use a TLSRoute, or set the listener's protocol: HTTPS with mode Terminate");
    }
  }
  const allowed = listener.allowed.kinds?.map(({ kind }) => kind) ?? byProtocol ?? [];
  const message = `${where} takes no ${route.kind}: it allows ${listed(allowed)} (NotAllowedByListeners)`;
  const fix =
    listener.allowed.kinds === undefined
      ? `attach a ${allowed[0] ?? "route of another kind"}, or use a listener of another protocol`
      : `add to the listener: allowedRoutes: { kinds: [{ kind: ${route.kind} }] }`;
  return found("W16", message, fix);
}

/** W19 */
function sameParentTwice(route: Route): Finding[] {
  const same = new Map<string, ParentRef[]>();
  for (const parent of route.parents) {
    const key = `${parent.group} ${parent.kind} ${parent.namespace}/${parent.name}`;
    same.set(key, [...(same.get(key) ?? []), parent]);
  }
  return [...same.values()].flatMap((refs) => {
    const [first] = refs;
    const sections = new Set(refs.map(({ sectionName, port }) => `${sectionName ?? ""} ${port ?? ""}`));
    const unnamed = refs.some(({ sectionName, port }) => sectionName === undefined && port === undefined);
    if (first === undefined || refs.length < 2 || (!unnamed && sections.size === refs.length)) return [];
    if (refs.some(({ sectionName, port }) => isUnknown(sectionName) || isUnknown(port))) return [];
    const to: Ref = { kind: first.kind, namespace: first.namespace, name: first.name };
    const message = `names ${formatRef(to)} as a parent ${refs.length} times without telling the references apart`;
    return [error("W19", { from: route.ref, to, message, fix: "give each of these parentRefs its own sectionName" })];
  });
}

/** W21, warning: a hostname that no listener of the route has is ignored without a word. */
function ignoredHostnames(route: Route): Finding[] {
  const accepted = route.attachments.filter((attachment) => attachment.accepted);
  if (accepted.length === 0 || accepted.some(({ listener }) => isUnknown(listener.raw.hostname))) return [];
  const attached = new Set(accepted.map(({ listener }) => listener.hostname ?? "*"));
  return route.hostnames.flatMap((hostname) => {
    if ([...attached].some((side) => intersectHostnames(side, hostname) !== undefined)) return [];
    const to = accepted[0]?.listener.owner.ref ?? null;
    const message = `hostname ${hostname} matches no listener of its parents (${listed([...attached])}) and is ignored`;
    return [warning("W21", { from: route.ref, to, message, fix: `remove ${hostname}, or add a listener for it` })];
  });
}

/** W17 and W20b for ListenerSets. */
function listenerSetParent({ ref, parent, gateway, accepted, namespace }: ListenerSet, topology: Topology): Finding[] {
  const to: Ref = { kind: "Gateway", namespace: parent.namespace, name: parent.name };
  if (gateway === undefined) {
    if (topology.objects.lookup(KINDS.gateway, parent.namespace, parent.name).state === "unknown") return [];
    const message = `its parent ${formatRef(to)} does not exist`;
    return [error("W17", { from: ref, to, message, fix: "name a Gateway of the set in spec.parentRef" })];
  }
  if (accepted) return [];
  const { from: allowed } = fieldsAt(gateway.sourced.object.spec, "allowedListeners", "namespaces");
  const why = allowed === undefined ? "None by default" : `from: ${String(allowed)}`;
  const message = `${formatRef(to)} lets no ListenerSet of namespace ${namespace} in: allowedListeners is ${why}`;
  const from = namespace === gateway.namespace && allowed === undefined ? "Same" : "All";
  const fix = `add to the Gateway's spec: allowedListeners: { namespaces: { from: ${from} } }`;
  return [error("W20b", { from: ref, to, message, fix })];
}

function names(attachments: readonly Attachment[]): string {
  return listed(attachments.map(({ listener }) => listener.name));
}
