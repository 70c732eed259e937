import { fieldsAt, fieldsList, text } from "../../manifests/fields.ts";
import { namespaceOf, refOf } from "../../manifests/object.ts";
import { KINDS } from "../../manifests/object-index.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import { kindsOfProtocol } from "../../topology/attachment.ts";
import { GATEWAY_GROUP } from "../../topology/certificate-refs.ts";
import type { Listener, Topology } from "../../topology/model.ts";
import { error, type Finding, warning } from "../finding.ts";
import { listed, nearest } from "../names.ts";

const PROTOCOLS = ["HTTP", "HTTPS", "TLS", "TCP", "UDP", "HBONE"];

/** W15, W16 as far as the listener alone is wrong, and W20a. */
export function allowedRoutes({ gateways, objects }: Topology): Finding[] {
  const findings = gateways.flatMap(({ listeners }) =>
    listeners.flatMap((l) => [...unknownProtocol(l), ...foreignKinds(l), ...noSelector(l)]),
  );
  const grants = objects.all(KINDS.referenceGrant).flatMap((grant): Finding[] => {
    const toGateway = fieldsList(fieldsAt(grant.object, "spec").to).some(
      (to) => text(to.group) === GATEWAY_GROUP && text(to.kind) === "Gateway",
    );
    const from = fieldsList(fieldsAt(grant.object, "spec").from).find((entry) => text(entry.kind)?.endsWith("Route"));
    if (!toGateway || from === undefined) return [];
    const message = `grants ${text(from.kind)}s of namespace ${text(from.namespace)} a Gateway as their parent, which is not a matter of grants`;
    const fix = `remove it; on the Gateway's listener set allowedRoutes: { namespaces: { from: All } } or a selector for ${text(from.namespace)}`;
    const to = { kind: "Gateway", namespace: namespaceOf(grant.object), name: "*" };
    return [warning("W20a", { from: refOf(grant.object), to, message, fix })];
  });
  return [...findings, ...grants];
}

/** A protocol of the API's own, or one of an implementation's, which has a domain before it; HBONE is Istio's. */
function unknownProtocol({ protocol, name, index, owner }: Listener): Finding[] {
  if (protocol === "" || PROTOCOLS.includes(protocol) || protocol.includes("/") || isUnknown(protocol)) return [];
  const meant = PROTOCOLS.find((known) => known === protocol.toUpperCase()) ?? nearest(protocol, PROTOCOLS);
  const message = `listener ${name} has protocol ${protocol}, which no controller knows (UnsupportedProtocol)`;
  const fix = meant === undefined ? `set one of ${listed(PROTOCOLS)}` : `set protocol: ${meant}`;
  return [error("W16", { from: owner.ref, to: null, message, fix, path: `/spec/listeners/${index}/protocol` })];
}

function foreignKinds(listener: Listener): Finding[] {
  const carried = kindsOfProtocol(listener);
  if (carried === undefined) return [];
  const foreign = (listener.allowed.kinds ?? []).filter(
    ({ group, kind }) => group === GATEWAY_GROUP && !isUnknown(kind) && !carried.some((can) => can === kind),
  );
  if (foreign.length === 0) return [];
  const message = `listener ${listener.name} allows ${listed(foreign.map(({ kind }) => kind))}, which protocol ${listener.protocol} cannot carry (InvalidRouteKinds)`;
  const fix = `allow ${listed(carried)}, or change the listener's protocol`;
  const path = `/spec/listeners/${listener.index}/allowedRoutes/kinds`;
  return [error("W16", { from: listener.owner.ref, to: null, message, fix, path })];
}

function noSelector(listener: Listener): Finding[] {
  const { from, selector } = listener.allowed;
  if (from !== "Selector" || selector !== undefined) return [];
  const message = `listener ${listener.name} allows namespaces from: Selector but has no selector, so it takes no route`;
  const fix = "add allowedRoutes.namespaces.selector: { matchLabels: { … } }";
  const path = `/spec/listeners/${listener.index}/allowedRoutes/namespaces`;
  return [error("W15", { from: listener.owner.ref, to: null, message, fix, path })];
}
