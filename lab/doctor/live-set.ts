import type { Kubectl } from "../live/kubectl.ts";
import { listOfKind, listTogether } from "../live/objects.ts";
import { type Fields, fields, text } from "../manifests/fields.ts";
import type { KubeObject } from "../manifests/object.ts";
import { UNKNOWN } from "../manifests/unknown.ts";
import { VisibleError } from "../terminal/visible-error.ts";

/** Kinds on the way from an address to a pod and from a listener to the authority behind its certificate, as kubectl names them. */
const kinds = {
  "gatewayclasses.gateway.networking.k8s.io": "GatewayClass",
  "gateways.gateway.networking.k8s.io": "Gateway",
  "listenersets.gateway.networking.k8s.io": "ListenerSet",
  "httproutes.gateway.networking.k8s.io": "HTTPRoute",
  "grpcroutes.gateway.networking.k8s.io": "GRPCRoute",
  "tlsroutes.gateway.networking.k8s.io": "TLSRoute",
  "referencegrants.gateway.networking.k8s.io": "ReferenceGrant",
  "backendtlspolicies.gateway.networking.k8s.io": "BackendTLSPolicy",
  "ingressclasses.networking.k8s.io": "IngressClass",
  "ingresses.networking.k8s.io": "Ingress",
  namespaces: "Namespace",
  services: "Service",
  "endpointslices.discovery.k8s.io": "EndpointSlice",
  pods: "Pod",
  events: "Event",
  "deployments.apps": "Deployment",
  "statefulsets.apps": "StatefulSet",
  "daemonsets.apps": "DaemonSet",
  serviceaccounts: "ServiceAccount",
  configmaps: "ConfigMap",
  persistentvolumeclaims: "PersistentVolumeClaim",
  "roles.rbac.authorization.k8s.io": "Role",
  "rolebindings.rbac.authorization.k8s.io": "RoleBinding",
  "certificates.cert-manager.io": "Certificate",
  "certificaterequests.cert-manager.io": "CertificateRequest",
  "issuers.cert-manager.io": "Issuer",
  "clusterissuers.cert-manager.io": "ClusterIssuer",
  "orders.acme.cert-manager.io": "Order",
  "ipaddresspools.metallb.io": "IPAddressPool",
  "l2advertisements.metallb.io": "L2Advertisement",
  secrets: "Secret",
} as const;

type Resource = keyof typeof kinds;

/** Kinds that a reader of clusters often may not see (the ClusterRole view, for one) and that the walk can do without. */
const spared: readonly string[] = [
  "events",
  "secrets",
  "configmaps",
  "serviceaccounts",
  "roles.rbac.authorization.k8s.io",
  "rolebindings.rbac.authorization.k8s.io",
] satisfies Resource[];

export interface LiveSet {
  readonly objects: readonly KubeObject[];
  /** Kinds that may not be read ("Secret"): such an object may be there although it is not in the set. */
  readonly hidden: readonly string[];
  /** Kinds that this cluster does not know. */
  readonly unserved: readonly string[];
}

/**
 * Everything of those kinds that the cluster holds. Of Secrets only names, types and keys are kept: the doctor needs no
 * values, and what it does not hold it cannot print.
 * @throws VisibleError when the cluster does not answer, or what the walk cannot do without may not be read
 */
export async function readLiveSet(kubectl: Kubectl, report: (line: string) => void): Promise<LiveSet> {
  const names = Object.keys(kinds) as Resource[];
  report(`reading ${names.length} kinds of objects from ${kubectl.context}`);
  const together = await listTogether(kubectl, names);
  return together === undefined
    ? readOneByOne(kubectl, names, report)
    : { objects: together.flatMap(asObjects), hidden: [], unserved: [] };
}

/** Many a cluster lacks a kind, or hides one; what of the others there is to see is found by asking for each. */
async function readOneByOne(
  kubectl: Kubectl,
  names: readonly Resource[],
  report: (line: string) => void,
): Promise<LiveSet> {
  const lists = await Promise.all(names.map((name) => listOfKind(kubectl, name)));
  const those = (what: string) => names.filter((_, index) => lists[index] === what);
  const forbidden = those("forbidden");
  const needed = forbidden.filter((name) => !spared.includes(name));
  if (needed.length > 0) {
    throw new VisibleError(
      `context ${kubectl.context} may not list ${needed.join(", ")}: ask for a role that may get and list them, such as the ClusterRole view with the Gateway API's and cert-manager's kinds`,
    );
  }
  if (forbidden.length > 0)
    report(`context ${kubectl.context} may not list ${forbidden.join(", ")}: what depends on them is not judged`);
  return {
    objects: lists.flatMap((list) => (typeof list === "string" ? [] : list)).flatMap(asObjects),
    hidden: forbidden.map((name) => kinds[name]),
    unserved: those("unserved").map((name) => kinds[name]),
  };
}

function asObjects(item: Fields): KubeObject[] {
  const object = asObject(item);
  return object === undefined ? [] : [object.kind === "Secret" ? withoutValues(object) : object];
}

function asObject(item: Fields): KubeObject | undefined {
  const { managedFields: _, ...metadata } = fields(item.metadata);
  const [apiVersion, kind, name] = [text(item.apiVersion), text(item.kind), text(metadata.name)];
  if (apiVersion === undefined || kind === undefined || name === undefined) return undefined;
  return { ...item, apiVersion, kind, metadata: { ...metadata, name } };
}

/** Values that were taken away are not known: nothing is found wrong with them. */
function withoutValues({ data, stringData: _, ...object }: KubeObject): KubeObject {
  return { ...object, data: Object.fromEntries(Object.keys(fields(data)).map((key) => [key, UNKNOWN])) };
}
