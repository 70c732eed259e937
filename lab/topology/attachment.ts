import type { ObjectIndex } from "../manifests/object-index.ts";
import { isUnknown } from "../manifests/unknown.ts";
import { GATEWAY_GROUP } from "./certificate-refs.ts";
import { intersectedHostnames } from "./hostnames.ts";
import type { Attachment, Gateway, Listener, ListenerSet, ParentRef, Route, RouteKind } from "./model.ts";
import { type Labels, namespaceAllowed } from "./namespaces.ts";
import { samePort } from "./values.ts";

/**
 * The route kinds that a protocol carries.
 * @see https://gateway-api.sigs.k8s.io/concepts/api-overview/#route-resources and the doc of `Listener.protocol`
 */
const KINDS_BY_PROTOCOL: Readonly<Record<string, readonly RouteKind[]>> = {
  HTTP: ["HTTPRoute", "GRPCRoute"],
  HTTPS: ["HTTPRoute", "GRPCRoute"],
  TLS: ["TLSRoute"],
  TCP: ["TCPRoute"],
  UDP: ["UDPRoute"],
};

/** The kinds that a listener's protocol can carry; undefined for protocols of an implementation's own (HBONE). */
export function kindsOfProtocol(listener: Listener): readonly RouteKind[] | undefined {
  const kinds = KINDS_BY_PROTOCOL[listener.protocol];
  return listener.protocol === "TLS" && listener.tls?.mode === "Terminate" ? ["TLSRoute", "TCPRoute"] : kinds;
}

/** Whether a listener takes routes of a kind: by its `allowedRoutes.kinds`, and always by its protocol. */
export function kindAllowed(listener: Listener, kind: RouteKind): boolean {
  const byProtocol = kindsOfProtocol(listener);
  if (byProtocol !== undefined && !byProtocol.includes(kind)) return false;
  const { kinds } = listener.allowed;
  return (
    kinds === undefined ||
    kinds.some((allowed) => isUnknown(allowed.kind) || (allowed.group === GATEWAY_GROUP && allowed.kind === kind))
  );
}

/** The listeners of a parent that a parentRef targets: all of them, or those of its sectionName and port. */
export function targetedListeners(parent: ParentRef, target: Gateway | ListenerSet): Listener[] {
  return target.listeners.filter((listener) => {
    // A Gateway's ListenerSets have names of their own; a route names them through the ListenerSet.
    if (listener.owner.ref.kind !== target.ref.kind || listener.owner.ref.name !== target.ref.name) return false;
    const section = parent.sectionName === undefined || parent.sectionName === listener.name;
    const undecided = isUnknown(parent.sectionName) || isUnknown(listener.name);
    return (section || undecided) && (parent.port === undefined || samePort(parent.port, listener.port));
  });
}

/** Attaches every route to the listeners that its parentRefs target, and fills `attachments` on both sides. */
export function attachRoutes(
  routes: readonly Route[],
  objects: ObjectIndex,
  labels: ReadonlyMap<string, Labels>,
): void {
  for (const route of routes) {
    for (const parent of route.parents) {
      if (parent.target === undefined || parent.target === "other") continue;
      for (const listener of targetedListeners(parent, parent.target)) {
        const attachment = attach(route, parent, listener, objects, labels);
        (route.attachments as Attachment[]).push(attachment);
        if (attachment.accepted) (listener.attachments as Attachment[]).push(attachment);
      }
    }
  }
}

/** The conditions in the order in which findings tell them: kind, namespace, hostname. */
function attach(
  route: Route,
  parent: ParentRef,
  listener: Listener,
  objects: ObjectIndex,
  labels: ReadonlyMap<string, Labels>,
): Attachment {
  const pair = { route, parent, listener };
  if (!kindAllowed(listener, route.kind)) {
    return { ...pair, accepted: false, reason: "NotAllowedByListeners", failed: "kind", hostnames: [] };
  }
  if (!namespaceAllowed(listener.allowed, listener.namespace, route.namespace, objects, labels)) {
    return { ...pair, accepted: false, reason: "NotAllowedByListeners", failed: "namespace", hostnames: [] };
  }
  const takesHosts = route.kind !== "TCPRoute" && route.kind !== "UDPRoute";
  const hostnames = takesHosts ? intersectedHostnames(listener.hostname, route.hostnames) : ["*"];
  if (hostnames.length === 0) {
    return { ...pair, accepted: false, reason: "NoMatchingListenerHostname", failed: "hostname", hostnames };
  }
  return { ...pair, accepted: true, reason: undefined, failed: undefined, hostnames };
}
