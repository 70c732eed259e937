import type { Kubectl } from "../live/kubectl.ts";
import { listObjects } from "../live/objects.ts";
import { type Fields, fields, text } from "../manifests/fields.ts";
import type { KubeObject } from "../manifests/object.ts";

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

/**
 * Everything of those kinds that the cluster holds. Of Secrets only names, types and keys are kept: the doctor needs no
 * values, and what it does not hold it cannot print.
 */
export async function readLiveSet(kubectl: Kubectl, report: (line: string) => void): Promise<KubeObject[]> {
  report(`reading ${kinds.length} kinds of objects from ${kubectl.context}`);
  const lists = await Promise.all(kinds.map((kind) => listObjects(kubectl, kind)));
  return lists.flat().flatMap((item) => {
    const object = asObject(item);
    return object === undefined ? [] : [object.kind === "Secret" ? withoutValues(object) : object];
  });
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
