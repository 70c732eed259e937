import type { Kubectl } from "../live/kubectl.ts";
import { listIfAllowed } from "../live/objects.ts";
import { type Fields, fields, text } from "../manifests/fields.ts";
import type { KubeObject } from "../manifests/object.ts";
import { VisibleError } from "../terminal/visible-error.ts";

/** Kinds on the way from an address to a pod and from a listener to the authority behind its certificate. */
const kinds = [
  "gatewayclasses.gateway.networking.k8s.io",
  "gateways.gateway.networking.k8s.io",
  "listenersets.gateway.networking.k8s.io",
  "httproutes.gateway.networking.k8s.io",
  "grpcroutes.gateway.networking.k8s.io",
  "tlsroutes.gateway.networking.k8s.io",
  "referencegrants.gateway.networking.k8s.io",
  "backendtlspolicies.gateway.networking.k8s.io",
  "ingressclasses.networking.k8s.io",
  "ingresses.networking.k8s.io",
  "namespaces",
  "services",
  "endpointslices.discovery.k8s.io",
  "pods",
  "events",
  "deployments.apps",
  "statefulsets.apps",
  "daemonsets.apps",
  "serviceaccounts",
  "configmaps",
  "persistentvolumeclaims",
  "roles.rbac.authorization.k8s.io",
  "rolebindings.rbac.authorization.k8s.io",
  "certificates.cert-manager.io",
  "certificaterequests.cert-manager.io",
  "issuers.cert-manager.io",
  "clusterissuers.cert-manager.io",
  "orders.acme.cert-manager.io",
  "ipaddresspools.metallb.io",
  "l2advertisements.metallb.io",
  "secrets",
] as const;

/** Kinds that a reader of clusters often may not see (the ClusterRole view, for one) and that the walk can do without. */
const spared: Readonly<Record<string, string>> = {
  events: "Event",
  secrets: "Secret",
  configmaps: "ConfigMap",
  serviceaccounts: "ServiceAccount",
  "roles.rbac.authorization.k8s.io": "Role",
  "rolebindings.rbac.authorization.k8s.io": "RoleBinding",
};

export interface LiveSet {
  readonly objects: readonly KubeObject[];
  /** Kinds that may not be read ("Secret"): such an object may be there although it is not in the set. */
  readonly hidden: readonly string[];
}

/**
 * Everything of those kinds that the cluster holds. Of Secrets only names, types and keys are kept: the doctor needs no
 * values, and what it does not hold it cannot print.
 * @throws VisibleError when the cluster does not answer, or what the walk cannot do without may not be read
 */
export async function readLiveSet(kubectl: Kubectl, report: (line: string) => void): Promise<LiveSet> {
  report(`reading ${kinds.length} kinds of objects from ${kubectl.context}`);
  const lists = await Promise.all(kinds.map((kind) => listIfAllowed(kubectl, kind)));
  const forbidden = kinds.filter((_, index) => lists[index] === undefined);
  const needed = forbidden.filter((kind) => spared[kind] === undefined);
  if (needed.length > 0) {
    throw new VisibleError(
      `context ${kubectl.context} may not list ${needed.join(", ")}: ask for a role that may get and list them, such as the ClusterRole view with the Gateway API's and cert-manager's kinds`,
    );
  }
  if (forbidden.length > 0)
    report(`context ${kubectl.context} may not list ${forbidden.join(", ")}: what depends on them is not judged`);
  const objects = lists
    .flatMap((list) => list ?? [])
    .flatMap((item) => {
      const object = asObject(item);
      return object === undefined ? [] : [object.kind === "Secret" ? withoutValues(object) : object];
    });
  return { objects, hidden: forbidden.flatMap((kind) => spared[kind] ?? []) };
}

function asObject(item: Fields): KubeObject | undefined {
  const { managedFields: _, ...metadata } = fields(item.metadata);
  const [apiVersion, kind, name] = [text(item.apiVersion), text(item.kind), text(metadata.name)];
  if (apiVersion === undefined || kind === undefined || name === undefined) return undefined;
  return { ...item, apiVersion, kind, metadata: { ...metadata, name } };
}

function withoutValues({ data, stringData: _, ...object }: KubeObject): KubeObject {
  return { ...object, data: Object.fromEntries(Object.keys(fields(data)).map((key) => [key, ""])) };
}
