import { listenerSecret } from "../../config/derive/certificates.ts";
import type { GatewaySpec } from "../../config/derive/gateways.ts";
import type { ListenerConfig } from "../../config/schema.ts";
import type { Manifest } from "../kubernetes/apply.ts";

export interface GatewayOptions {
  /** Annotations that are for Pulumi, such as what to wait for. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** A Gateway (https://gateway-api.sigs.k8s.io/reference/spec/#gateway). */
export function gatewayManifest(gateway: GatewaySpec, { annotations }: GatewayOptions): Manifest {
  const all = { ...annotations, ...serviceType(gateway) };
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: {
      name: gateway.name,
      namespace: gateway.namespace,
      ...(Object.keys(all).length === 0 ? {} : { annotations: all }),
    },
    spec: {
      gatewayClassName: gateway.class,
      ...(outsideMesh(gateway) ? { infrastructure: { labels: { "istio.io/dataplane-mode": "none" } } } : {}),
      ...(gateway.address === undefined ? {} : { addresses: [{ type: "IPAddress", value: gateway.address }] }),
      listeners: Object.entries(gateway.listeners).map(([name, listener]) => listenerOf(gateway, name, listener)),
    },
  };
}

/**
 * Istio's gateway speaks mTLS to ambient pods by itself; captured by ztunnel as well, its traffic would be taken through
 * the mesh twice (rule W34).
 */
function outsideMesh({ class: name, ambient }: GatewaySpec): boolean {
  return name === "istio" && ambient;
}

/** Istio makes the Service of a Gateway a LoadBalancer unless told otherwise, and it must be told before it is made. */
function serviceType({ service }: GatewaySpec): Record<string, string> {
  return service === "ClusterIP" ? { "networking.istio.io/service-type": "ClusterIP" } : {};
}

function listenerOf(
  gateway: GatewaySpec,
  name: string,
  { protocol, port, hostname, tls, allowedRoutes }: ListenerConfig,
) {
  const secret = listenerSecret(gateway, name);
  return {
    name,
    protocol,
    port,
    ...(hostname === undefined ? {} : { hostname }),
    ...(tls === undefined
      ? {}
      : { tls: { mode: tls.mode, ...(secret ? { certificateRefs: [secretRef(gateway, secret)] } : {}) } }),
    allowedRoutes: { namespaces: namespacesOf(allowedRoutes) },
  };
}

function secretRef(gateway: GatewaySpec, { namespace, name }: { namespace: string; name: string }) {
  return { kind: "Secret", name, ...(namespace === gateway.namespace ? {} : { namespace }) };
}

function namespacesOf(allowed: ListenerConfig["allowedRoutes"]) {
  if (typeof allowed === "object") return { from: "Selector", selector: { matchLabels: allowed.selector } };
  return { from: allowed ?? "Same" };
}
