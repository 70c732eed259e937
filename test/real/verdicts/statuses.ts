import { type Fields, fieldsAt, fieldsList, text } from "../../../lab/manifests/fields.ts";
import { formatRef, type KubeObject, refOf } from "../../../lab/manifests/object.ts";
import type { Topology } from "../../../lab/topology/model.ts";

/** Conditions as they are when a wire holds; others, such as OverlappingTLSConfig, should be False or absent. */
const HEALTHY: Readonly<Record<string, { readonly status: string; readonly reason: string }>> = {
  Accepted: { status: "True", reason: "Accepted" },
  Programmed: { status: "True", reason: "Programmed" },
  ResolvedRefs: { status: "True", reason: "ResolvedRefs" },
};

const SILENCE = ": no status";
const STALE = ": no word on the change, the former status stays";

/** Kinds whose status a Gateway controller writes. */
export const WITH_STATUS = ["Gateway", "ListenerSet", "HTTPRoute", "TLSRoute", "BackendTLSPolicy"];

/** How many routes each listener should carry, as "Gateway apple/apple-gateway http" → 1. */
export type Attached = ReadonlyMap<string, number>;

/** The routes that our own topology attaches to each listener of a set. */
export function attachedIn({ gateways }: Topology): Attached {
  return new Map(
    gateways.flatMap(({ listeners }) =>
      listeners.map((listener): [string, number] => {
        const accepted = listener.attachments.filter((one) => one.accepted);
        const routes = new Set(accepted.map(({ route }) => formatRef(route.ref)));
        return [`${formatRef(refOf(listener.owner.sourced.object))} ${listener.name}`, routes.size];
      }),
    ),
  );
}

/**
 * What a controller's status says against an object, or does not say at all, in one line for each part of it:
 * "HTTPRoute apple/apple: Accepted=False (NoMatchingParent): …". Empty when all is well.
 */
export function complaints(object: KubeObject, attached: Attached): string[] {
  const name = formatRef(refOf(object));
  const { generation } = object.metadata;
  const status = fieldsAt(object.status);
  switch (object.kind) {
    case "Gateway":
      // istiod takes waypoints only with the ambient mesh on
      if (fieldsAt(object.spec).gatewayClassName === "istio-waypoint") return [];
      return gatewayComplaints(object, name, attached);
    case "ListenerSet":
      return gatewayComplaints(object, name, attached);
    case "BackendTLSPolicy":
      // once for each Gateway whose routes lead to the target
      return [
        ...new Set(fieldsList(status.ancestors).flatMap(({ conditions }) => spoken(name, conditions, generation))),
      ];
    default:
      return fieldsList(fieldsAt(object.spec).parentRefs).flatMap((parent, _, all) => {
        const at = all.length > 1 ? ` at ${text(parent.name)}${suffix(parent)}` : "";
        const entry = fieldsList(status.parents).find(({ parentRef }) => isSame(fieldsAt(parentRef), parent, object));
        return spoken(`${name}${at}`, entry?.conditions, generation);
      });
  }
}

function gatewayComplaints(object: KubeObject, name: string, attached: Attached): string[] {
  const { generation } = object.metadata;
  const status = fieldsAt(object.status);
  const own = spoken(name, status.conditions, generation);
  if (own.some((line) => line.endsWith(SILENCE) || line.endsWith(STALE))) return own;
  return [
    ...own,
    ...fieldsList(fieldsAt(object.spec).listeners).flatMap((listener) =>
      listenerComplaints(name, text(listener.name) ?? "", status, attached, generation),
    ),
  ];
}

function listenerComplaints(
  name: string,
  listener: string,
  status: Fields,
  attached: Attached,
  generation: unknown,
): string[] {
  const entry = fieldsList(status.listeners).find((one) => one.name === listener);
  const told = spoken(`${name} listener ${listener}`, entry?.conditions, generation);
  const is = Number(entry?.attachedRoutes ?? 0);
  const should = attached.get(`${name} ${listener}`);
  // how many routes a listener of the broken set alone should carry nobody has said
  if (entry === undefined || should === undefined || is === should) return told;
  return [...told, `${name} listener ${listener}: attachedRoutes ${is} instead of ${should}`];
}

/** Conditions that are not as they should be; that there are none, or none about this generation of the object. */
function spoken(of: string, conditions: unknown, generation: unknown): string[] {
  const all = fieldsList(conditions);
  if (all.length === 0 || all.every(({ reason }) => reason === "Pending")) return [of + SILENCE];
  if (all.every(({ observedGeneration }) => Number(observedGeneration) < Number(generation))) return [of + STALE];
  return all
    .filter(({ type, status, reason }) => {
      const healthy = HEALTHY[String(type)];
      return healthy === undefined ? status === "True" : status !== healthy.status || reason !== healthy.reason;
    })
    .sort((a, b) => (String(a.type) < String(b.type) ? -1 : 1))
    .map(
      ({ type, status, reason, message }) => `${of}: ${type}=${status} (${reason}): ${inOrder(text(message) ?? "")}`,
    );
}

/** istiod lists what several listeners say in any order, and what two of them say alike twice. */
function inOrder(message: string): string {
  return [...new Set(message.split("; "))].sort().join("; ");
}

function suffix(parent: Fields): string {
  return [parent.sectionName, parent.port].map((part) => (part === undefined ? "" : `/${part}`)).join("");
}

function isSame(a: Fields, b: Fields, route: KubeObject): boolean {
  const key = (parent: Fields) =>
    JSON.stringify([
      parent.kind ?? "Gateway",
      parent.namespace ?? route.metadata.namespace,
      parent.name,
      parent.sectionName,
      parent.port,
    ]);
  return key(a) === key(b);
}
