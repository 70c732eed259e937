/** A Kubernetes object as a manifest or a registered resource holds it. Only identity is sure; every other field is unchecked. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** An object and, when it was read from a file, the line on which it begins (1-based; "-" is standard input). */
export interface Sourced {
  object: KubeObject;
  source?: { file: string; line: number };
}

/** How findings and pictures name an object; `namespace` is null for cluster-scoped kinds. */
export interface Ref {
  kind: string;
  namespace: string | null;
  name: string;
}

/** Kinds without a namespace, among those that this project meets. */
const CLUSTER_SCOPED = new Set([
  "APIService",
  "ClusterIssuer",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "GatewayClass",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
]);

/** The API group of an apiVersion: "gateway.networking.k8s.io/v1" → "gateway.networking.k8s.io", "v1" → "". */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/** The version of an apiVersion: "gateway.networking.k8s.io/v1" → "v1". */
export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf("/") + 1);
}

/** The namespace an object lives in: its own, "default" when it names none, null for cluster-scoped kinds. */
export function namespaceOf(object: KubeObject): string | null {
  if (CLUSTER_SCOPED.has(object.kind)) return null;
  return object.metadata.namespace || "default";
}

/** The reference by which an object is named in findings. */
export function refOf(object: KubeObject): Ref {
  return { kind: object.kind, namespace: namespaceOf(object), name: object.metadata.name };
}

/** "HTTPRoute fruit/mango", or "GatewayClass istio" without a namespace. */
export function formatRef(ref: Ref): string {
  return `${ref.kind} ${ref.namespace === null ? "" : `${ref.namespace}/`}${ref.name}`;
}
