import { groupOf, type KubeObject, namespaceOf, type Sourced } from "./object.ts";
import { isUnknown } from "./unknown.ts";

/** What a look-up by name gives: the object, its sure absence, or neither because a name is not known yet. */
export type Lookup = { state: "found"; found: Sourced } | { state: "missing" } | { state: "unknown" };

/** Kinds by name, spelt "Kind" for the core group and "Kind.group" for any other. */
export const KINDS = {
  backendTlsPolicy: "BackendTLSPolicy.gateway.networking.k8s.io",
  certificate: "Certificate.cert-manager.io",
  clusterIssuer: "ClusterIssuer.cert-manager.io",
  clusterRole: "ClusterRole.rbac.authorization.k8s.io",
  clusterRoleBinding: "ClusterRoleBinding.rbac.authorization.k8s.io",
  configMap: "ConfigMap",
  crd: "CustomResourceDefinition.apiextensions.k8s.io",
  daemonSet: "DaemonSet.apps",
  deployment: "Deployment.apps",
  gateway: "Gateway.gateway.networking.k8s.io",
  gatewayClass: "GatewayClass.gateway.networking.k8s.io",
  grpcRoute: "GRPCRoute.gateway.networking.k8s.io",
  httpRoute: "HTTPRoute.gateway.networking.k8s.io",
  ingress: "Ingress.networking.k8s.io",
  ingressClass: "IngressClass.networking.k8s.io",
  issuer: "Issuer.cert-manager.io",
  listenerSet: "ListenerSet.gateway.networking.k8s.io",
  namespace: "Namespace",
  persistentVolumeClaim: "PersistentVolumeClaim",
  pod: "Pod",
  referenceGrant: "ReferenceGrant.gateway.networking.k8s.io",
  replicaSet: "ReplicaSet.apps",
  role: "Role.rbac.authorization.k8s.io",
  roleBinding: "RoleBinding.rbac.authorization.k8s.io",
  secret: "Secret",
  service: "Service",
  serviceAccount: "ServiceAccount",
  statefulSet: "StatefulSet.apps",
  tcpRoute: "TCPRoute.gateway.networking.k8s.io",
  tlsRoute: "TLSRoute.gateway.networking.k8s.io",
  udpRoute: "UDPRoute.gateway.networking.k8s.io",
} as const;

/** One of {@link KINDS}. */
export type KindKey = (typeof KINDS)[keyof typeof KINDS];

/** The key of an object's group and kind, as in {@link KINDS}. */
export function kindKey(object: Pick<KubeObject, "apiVersion" | "kind">): string {
  const group = groupOf(object.apiVersion);
  return group === "" ? object.kind : `${object.kind}.${group}`;
}

/** Objects by kind, namespace and name. When one object is given twice the later wins, as `kubectl apply` would have it. */
export class ObjectIndex {
  /** All objects, each once, in the order given. */
  readonly objects: readonly Sourced[];
  readonly #byKind = new Map<string, Map<string, Sourced>>();
  readonly #nameless = new Set<string>();

  constructor(objects: readonly Sourced[]) {
    for (const sourced of objects) {
      const kind = kindKey(sourced.object);
      const { name } = sourced.object.metadata;
      const namespace = namespaceOf(sourced.object);
      if (isUnknown(name) || isUnknown(namespace)) this.#nameless.add(kind);
      const ofKind = this.#byKind.get(kind) ?? new Map<string, Sourced>();
      ofKind.set(`${namespace ?? ""}/${name}`, sourced);
      this.#byKind.set(kind, ofKind);
    }
    const kept = new Set([...this.#byKind.values()].flatMap((ofKind) => [...ofKind.values()]));
    this.objects = objects.filter((sourced) => kept.has(sourced));
  }

  /** All objects of a kind, in the order given. */
  all(kind: KindKey): Sourced[] {
    return [...(this.#byKind.get(kind)?.values() ?? [])];
  }

  /** The object of that name (namespace null for cluster-scoped kinds). */
  get(kind: KindKey, namespace: string | null, name: string): Sourced | undefined {
    return this.#byKind.get(kind)?.get(`${namespace ?? ""}/${name}`);
  }

  /** Whether there is an object of any kind, those included that {@link KINDS} does not know. */
  has(group: string, kind: string, namespace: string | null, name: string): boolean {
    const key = group === "" ? kind : `${kind}.${group}`;
    return this.#byKind.get(key)?.has(`${namespace ?? ""}/${name}`) ?? false;
  }

  /** Like {@link get}, but tells a sure absence from one that cannot be told while a name is {@link UNKNOWN}. */
  lookup(kind: KindKey, namespace: string | null, name: string): Lookup {
    const found = this.get(kind, namespace, name);
    if (found !== undefined) return { state: "found", found };
    return this.#nameless.has(kind) || isUnknown(namespace) || isUnknown(name)
      ? { state: "unknown" }
      : { state: "missing" };
  }
}
