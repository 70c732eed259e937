import type { Gateway } from "./model.ts";

/** True for Gateways whose data plane Istio runs: they speak the mesh's mTLS to ambient pods. */
export function isMeshGateway(gateway: Gateway): boolean {
  return gateway.className === "istio" || (gateway.className?.startsWith("istio-") ?? false);
}

/** True for a waypoint: it is asked by the mesh, never by clients from outside. */
export function isWaypoint(gateway: Gateway): boolean {
  return gateway.className === "istio-waypoint" || gateway.listeners.some(({ protocol }) => protocol === "HBONE");
}
