import { listenerSecret } from "../../config/derive/certificates.ts";
import type { GatewaySpec } from "../../config/derive/gateways.ts";
import { foreignBackends, type RouteSpec } from "../../config/derive/routes.ts";
import type { Manifest } from "../kubernetes/apply.ts";

interface Grant {
  readonly from: { readonly kind: "Gateway" | "HTTPRoute" | "TLSRoute"; readonly namespace: string };
  readonly to: { readonly kind: "Secret" | "Service"; readonly namespace: string; readonly name: string };
}

/**
 * A ReferenceGrant for every reference that leaves its namespace, made where the target stands: only the owner of the
 * target may allow it (https://gateway-api.sigs.k8s.io/api-types/referencegrant/).
 */
export function grantManifests(gateways: readonly GatewaySpec[], routes: readonly RouteSpec[]): Manifest[] {
  const grants = [...gateways.flatMap(certificateGrants), ...routes.flatMap(backendGrants)];
  return [...new Map(grants.map((grant) => [grantName(grant), grant])).values()].map(grantManifest);
}

function certificateGrants(gateway: GatewaySpec): Grant[] {
  return Object.keys(gateway.listeners).flatMap((listener): Grant[] => {
    const secret = listenerSecret(gateway, listener);
    if (!secret || secret.namespace === gateway.namespace) return [];
    return [{ from: { kind: "Gateway", namespace: gateway.namespace }, to: { kind: "Secret", ...secret } }];
  });
}

function backendGrants(route: RouteSpec): Grant[] {
  return foreignBackends(route).map(({ namespace, service }) => ({
    from: { kind: route.kind, namespace: route.namespace },
    to: { kind: "Service", namespace, name: service },
  }));
}

function grantName({ from, to }: Grant): string {
  return `${from.kind}-${from.namespace}-to-${to.kind}-${to.name}`.toLowerCase();
}

function grantManifest(grant: Grant): Manifest {
  const { from, to } = grant;
  return {
    apiVersion: "gateway.networking.k8s.io/v1beta1",
    kind: "ReferenceGrant",
    metadata: { name: grantName(grant), namespace: to.namespace },
    spec: {
      from: [{ group: "gateway.networking.k8s.io", kind: from.kind, namespace: from.namespace }],
      to: [{ group: "", kind: to.kind, name: to.name }],
    },
  };
}
