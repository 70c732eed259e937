import { groupOf } from "../manifests/object.ts";
import { GATEWAY_GROUP } from "../topology/certificate-refs.ts";

/** Kinds that everybody writes, by the API version that serves them. */
const KINDS_BY_API_VERSION: Readonly<Record<string, string>> = {
  v1: "ConfigMap Endpoints Namespace PersistentVolume PersistentVolumeClaim Pod Secret Service ServiceAccount",
  "apps/v1": "DaemonSet Deployment ReplicaSet StatefulSet",
  "autoscaling/v2": "HorizontalPodAutoscaler",
  "autoscaling/v1": "HorizontalPodAutoscaler",
  "batch/v1": "CronJob Job",
  "cert-manager.io/v1": "Certificate ClusterIssuer Issuer",
  "discovery.k8s.io/v1": "EndpointSlice",
  "gateway.networking.k8s.io/v1":
    "BackendTLSPolicy Gateway GatewayClass GRPCRoute HTTPRoute ListenerSet ReferenceGrant TCPRoute TLSRoute UDPRoute",
  "networking.k8s.io/v1": "Ingress IngressClass NetworkPolicy",
  "policy/v1": "PodDisruptionBudget",
  "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
};

/** Groups that nobody adds kinds to but their owners; "extensions" is the one that others grew out of. */
const GROUPS = new Set([...Object.keys(KINDS_BY_API_VERSION).map(groupOf), "extensions"]);

/** A well-known kind, as it is to be written. */
export interface Home {
  readonly kind: string;
  /** The version to use first. */
  readonly apiVersions: readonly string[];
}

const HOMES = new Map<string, Home>();
for (const [apiVersion, kinds] of Object.entries(KINDS_BY_API_VERSION)) {
  for (const kind of kinds.split(" ")) {
    const before = HOMES.get(kind.toLowerCase())?.apiVersions ?? [];
    HOMES.set(kind.toLowerCase(), { kind, apiVersions: [...before, apiVersion] });
  }
}

/**
 * Where an object of a well-known kind belongs when its apiVersion and kind do not fit together: removed versions
 * (extensions/v1beta1 Ingress), the wrong group (v1 Deployment), the wrong case (HttpRoute). Undefined when they fit, or
 * when the kind or its group is somebody else's. Versions of the Gateway API's own kinds depend on the bundle, and are
 * judged there.
 * @see https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
export function misplaced(apiVersion: string, kind: string): Home | undefined {
  const home = HOMES.get(kind.toLowerCase());
  const group = groupOf(apiVersion);
  if (home === undefined || !GROUPS.has(group)) return undefined;
  const ofBundle = group === GATEWAY_GROUP && home.apiVersions.some((own) => groupOf(own) === GATEWAY_GROUP);
  return home.kind === kind && (ofBundle || home.apiVersions.includes(apiVersion)) ? undefined : home;
}
