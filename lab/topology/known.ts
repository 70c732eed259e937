/** What the cluster has besides the set of objects: by charts that the stack installs, or by hand. */
export interface Known {
  readonly gatewayClasses: readonly string[];
  readonly ingressClasses: readonly string[];
  /** The Gateway API bundle; undefined = assumed to serve what the manifests use. */
  readonly gatewayApi?: { readonly version: string; readonly channel: "standard" | "experimental" };
  /** Versions of products that read the Gateway API's CRDs. */
  readonly products?: Readonly<Partial<Record<"istio" | "nginx-gateway-fabric" | "cert-manager", string>>>;
  /** Whether the ingress-nginx controller runs with --enable-ssl-passthrough; undefined = not known. */
  readonly ingressSslPassthrough?: boolean;
  /** True when the set is the whole cluster's: then a Secret or workload that is not in it does not exist. */
  readonly complete: boolean;
  /** Objects that charts bring, as "Kind/namespace/name" ("Service/vault/vault"). */
  readonly provided?: ReadonlySet<string>;
  /** cert-manager's own ServiceAccount, and the namespace in which ClusterIssuers look for Secrets. */
  readonly certManager?: { readonly namespace: string; readonly serviceAccount: string };
  readonly vault?: VaultConfiguration;
}

/** Vault's side of the wiring, which is made by commands and not by Kubernetes objects. Lifetimes in seconds. */
export interface VaultConfiguration {
  /** PKI mounts by path. */
  readonly mounts: Readonly<Record<string, VaultMount>>;
  /** Kubernetes auth mounts by path ("kubernetes"). */
  readonly kubernetesAuth: Readonly<Record<string, { readonly roles: Readonly<Record<string, VaultAuthRole>> }>>;
  /** Policies by name: the capabilities granted on each path ("pki_int/sign/example-dot-com": ["update"]). */
  readonly policies: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface VaultMount {
  readonly commonName: string;
  /** The mount that signed it; undefined for a root. */
  readonly issuerMount?: string;
  readonly ttlSeconds: number;
  readonly roles: Readonly<Record<string, VaultPkiRole>>;
}

export interface VaultPkiRole {
  readonly allowedDomains: readonly string[];
  readonly allowSubdomains: boolean;
  readonly allowBareDomains: boolean;
  readonly allowWildcardCertificates?: boolean;
  readonly allowLocalhost?: boolean;
  readonly allowAnyName?: boolean;
  readonly allowGlobDomains?: boolean;
  readonly allowIpSans: boolean;
  readonly maxTtlSeconds: number;
}

export interface VaultAuthRole {
  readonly boundServiceAccountNames: readonly string[];
  readonly boundServiceAccountNamespaces: readonly string[];
  readonly audience?: string;
  readonly policies: readonly string[];
}

/**
 * Names of classes that widely used controllers bring themselves, so that a set without the class object can be right.
 * Sources: the controllers' installation guides (Istio, NGINX Gateway Fabric, Envoy Gateway, Cilium, Contour, Kong,
 * Traefik, GKE, AWS, Azure; ingress-nginx, HAProxy).
 */
const WELL_KNOWN_GATEWAY_CLASSES = [
  "istio",
  "istio-remote",
  "istio-waypoint",
  "istio-east-west",
  "nginx",
  "eg",
  "envoy",
  "envoy-gateway",
  "cilium",
  "contour",
  "kong",
  "traefik",
  "haproxy",
  "kgateway",
  "agentgateway",
  "amazon-vpc-lattice",
  "azure-alb-external",
  "gke-l7-global-external-managed",
  "gke-l7-gxlb",
  "gke-l7-regional-external-managed",
  "gke-l7-rilb",
];
const WELL_KNOWN_INGRESS_CLASSES = ["nginx", "traefik", "haproxy", "kong", "contour", "istio", "cilium", "alb", "gce"];

/** For manifests of which nothing else is known: well-known classes, and a cluster that may hold more than the set. */
export const ASSUMED: Known = {
  gatewayClasses: WELL_KNOWN_GATEWAY_CLASSES,
  ingressClasses: WELL_KNOWN_INGRESS_CLASSES,
  complete: false,
};
