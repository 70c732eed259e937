import type { Fields } from "../manifests/fields.ts";
import type { Ref, Sourced } from "../manifests/object.ts";
import type { ObjectIndex } from "../manifests/object-index.ts";
import type { UNKNOWN } from "../manifests/unknown.ts";
import type { BackendResolver } from "./backends.ts";
import type { CertificateResolver } from "./certificate-refs.ts";
import type { ReferenceGrants } from "./grants.ts";
import type { Edge, Node } from "./graph-model.ts";
import type { Known } from "./known.ts";

/** A port number; UNKNOWN while the program does not know it yet. */
export type Port = number | typeof UNKNOWN;

/**
 * Everything that the registered or given objects say about traffic and certificates, with the API's defaults applied
 * and the references between objects resolved. Rules, gateway and pictures read this and nothing else.
 */
export interface Topology {
  readonly objects: ObjectIndex;
  readonly known: Known;
  readonly gateways: readonly Gateway[];
  readonly listenerSets: readonly ListenerSet[];
  readonly routes: readonly Route[];
  readonly ingresses: readonly Ingress[];
  readonly services: readonly Service[];
  readonly workloads: readonly Workload[];
  readonly certificates: readonly Certificate[];
  readonly issuers: readonly Issuer[];
  /** The namespaces' labels, `kubernetes.io/metadata.name` included, for every namespace that is named anywhere. */
  readonly namespaceLabels: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly grants: ReferenceGrants;
  readonly backends: BackendResolver;
  readonly certificateRefs: CertificateResolver;
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** Anything that stems from one object. */
export interface OfObject {
  readonly ref: Ref;
  readonly sourced: Sourced;
}

/** The model before it is drawn as a graph. */
export type Model = Omit<Topology, "nodes" | "edges">;

/** A Gateway; a waypoint is one, too. */
export interface Gateway extends OfObject {
  readonly namespace: string;
  readonly name: string;
  readonly className: string | undefined;
  /** Its own listeners, then those of its ListenerSets. */
  readonly listeners: readonly Listener[];
  /** Addresses asked for in `spec.addresses`. */
  readonly addresses: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A ListenerSet and whether its Gateway lets it in (`allowedListeners`, default None). */
export interface ListenerSet extends OfObject {
  readonly namespace: string;
  readonly name: string;
  readonly parent: { readonly namespace: string; readonly name: string };
  readonly gateway: Gateway | undefined;
  readonly accepted: boolean;
  readonly listeners: readonly Listener[];
}

export type TlsMode = "Terminate" | "Passthrough";

export interface Listener {
  /** "Gateway/<namespace>/<name>/<listener>", unique. */
  readonly id: string;
  /** The Gateway that serves it; undefined for a ListenerSet that no Gateway lets in. */
  readonly gateway: Gateway | undefined;
  /** The Gateway or ListenerSet that declares it. */
  readonly owner: OfObject;
  /** The namespace of the owner, which "Same" and certificateRefs count from. */
  readonly namespace: string;
  readonly index: number;
  readonly name: string;
  readonly protocol: string;
  readonly port: Port | undefined;
  /** Undefined = any host. Lower case. */
  readonly hostname: string | undefined;
  readonly tls: ListenerTls | undefined;
  readonly allowed: AllowedRoutes;
  readonly raw: Fields;
  /** The routes' attachments that this listener accepted, in the order of the routes. */
  readonly attachments: readonly Attachment[];
}

export interface ListenerTls {
  /** As written; Terminate when absent. A value that is neither is kept for the check to report. */
  readonly mode: TlsMode | (string & {});
  readonly modeGiven: boolean;
  readonly certificates: readonly CertificateRef[];
  readonly options: Readonly<Record<string, string>>;
}

export interface AllowedRoutes {
  readonly from: string;
  readonly selector: Fields | undefined;
  /** Kinds given explicitly; undefined = those of the protocol. */
  readonly kinds: readonly GroupKind[] | undefined;
}

export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** A certificateRef of a listener (or the secretName of an Ingress' tls entry) and where it leads. */
export interface CertificateRef extends GroupKind {
  readonly namespace: string;
  readonly name: string;
  readonly resolution: CertificateResolution;
}

export type CertificateReason = "InvalidCertificateRef" | "RefNotPermitted";

export interface CertificateResolution {
  /** Undefined when the reference is good. RefNotPermitted is told before whether the Secret exists. */
  readonly reason: CertificateReason | undefined;
  readonly detail: string;
  /** The Secret object, when it is in the set. */
  readonly secret: Sourced | undefined;
  /** The Certificate whose Secret it is, explicit or made by cert-manager's annotation. */
  readonly certificate: Certificate | undefined;
}

export const ROUTE_KINDS = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"] as const;
export type RouteKind = (typeof ROUTE_KINDS)[number];

export interface Route extends OfObject {
  readonly kind: RouteKind;
  readonly namespace: string;
  readonly name: string;
  /** As written, lower case; [] = any host. */
  readonly hostnames: readonly string[];
  readonly parents: readonly ParentRef[];
  readonly rules: readonly RouteRule[];
  /** One for every pair of parentRef and listener that it targets; none when the parent does not exist. */
  readonly attachments: readonly Attachment[];
  /** The object's creationTimestamp, for precedence between routes; "" when it has none. */
  readonly created: string;
}

export interface ParentRef extends GroupKind {
  readonly index: number;
  readonly namespace: string;
  readonly name: string;
  readonly sectionName: string | undefined;
  readonly port: Port | undefined;
  /** What it names: a Gateway, a ListenerSet, something else that attaches differently (a Service in a mesh), or nothing. */
  readonly target: Gateway | ListenerSet | "other" | undefined;
  /** True when it cannot be told whether the parent exists, because a name is not known yet. */
  readonly undecided: boolean;
}

/** Reasons of the Gateway API for a route that a listener does not accept. */
export type AttachmentReason = "NoMatchingParent" | "NotAllowedByListeners" | "NoMatchingListenerHostname";

export interface Attachment {
  readonly route: Route;
  readonly parent: ParentRef;
  readonly listener: Listener;
  readonly accepted: boolean;
  readonly reason: AttachmentReason | undefined;
  /** Which condition failed first: the route's kind, its namespace, or its hostnames. */
  readonly failed: "kind" | "namespace" | "hostname" | undefined;
  /** The hostnames under which the route answers on this listener; ["*"] = any host; [] when not accepted. */
  readonly hostnames: readonly string[];
}

export interface RouteRule {
  readonly index: number;
  readonly name: string | undefined;
  /** For HTTPRoute: at least one, `PathPrefix /` by default; [] for other kinds. */
  readonly matches: readonly HttpMatch[];
  /** The filters as written, each with its `type`. */
  readonly filters: readonly Fields[];
  readonly backends: readonly BackendRef[];
  readonly raw: Fields;
}

export interface HttpMatch {
  readonly path: { readonly type: string; readonly value: string };
  readonly headers: readonly HttpNameMatch[];
  readonly queryParams: readonly HttpNameMatch[];
  readonly method: string | undefined;
}

export interface HttpNameMatch {
  readonly type: string;
  readonly name: string;
  readonly value: string;
}

export interface BackendRef extends GroupKind {
  readonly index: number;
  readonly namespace: string;
  readonly name: string;
  readonly port: Port | undefined;
  readonly weight: number;
  readonly filters: readonly Fields[];
  readonly resolution: BackendResolution;
}

/** Reasons of the Gateway API (ResolvedRefs=False), and two of ours: no such port, and no port given. */
export type BackendReason = "InvalidKind" | "RefNotPermitted" | "BackendNotFound" | "PortNotFound" | "PortMissing";

export interface BackendResolution {
  /** Undefined when the reference is good, or cannot be decided yet. */
  readonly reason: BackendReason | undefined;
  readonly detail: string;
  readonly service: Service | undefined;
  readonly servicePort: ServicePort | undefined;
  /** Where the Service's port leads; see {@link Service.workloads} for why it may be empty. */
  readonly endpoints: readonly Endpoint[];
}

export interface Service extends OfObject {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly externalName: string | undefined;
  /** Undefined: the Service has none, its endpoints are made by hand. */
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly ports: readonly ServicePort[];
  /** The workloads of its namespace that the selector matches; [] also when they are not in the set. */
  readonly workloads: readonly Workload[];
}

export interface ServicePort {
  readonly name: string | undefined;
  readonly port: Port;
  /** A number, a container port's name, or UNKNOWN; the port itself by default. */
  readonly targetPort: number | string;
  readonly protocol: string;
  readonly appProtocol: string | undefined;
}

export interface Endpoint {
  readonly workload: Workload;
  /** The container that declares the port; undefined when none does (a number needs no declaration to work). */
  readonly container: Container | undefined;
  readonly port: number;
}

export interface Workload extends OfObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The labels of its pods. */
  readonly labels: Readonly<Record<string, string>>;
  readonly replicas: number;
  readonly serviceAccountName: string;
  readonly containers: readonly Container[];
  /** Enrolled in the ambient mesh: by label of its pods, else of its namespace. */
  readonly ambient: boolean;
  readonly podSpec: Fields;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly ports: readonly ContainerPort[];
  readonly env: Readonly<Record<string, string>>;
  readonly raw: Fields;
}

export interface ContainerPort {
  readonly name: string | undefined;
  readonly containerPort: Port;
  readonly protocol: string;
}

export interface Certificate extends OfObject {
  readonly namespace: string;
  readonly name: string;
  readonly secretName: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly commonName: string | undefined;
  readonly isCa: boolean;
  /** Seconds; cert-manager's default of 90 days when absent. */
  readonly durationSeconds: number;
  readonly usages: readonly string[];
  readonly privateKey: { readonly algorithm: string; readonly size: number | undefined };
  readonly issuerRef: GroupKind & { readonly name: string };
  readonly issuer: Issuer | undefined;
  /** The Gateway or Ingress whose cert-manager annotation makes it; undefined for an explicit Certificate. */
  readonly madeFor: OfObject | undefined;
}

export interface Issuer extends OfObject {
  readonly kind: "Issuer" | "ClusterIssuer";
  /** Null for a ClusterIssuer. */
  readonly namespace: string | null;
  readonly name: string;
  readonly source: IssuerSource;
}

export type IssuerSource =
  | { readonly type: "selfSigned" }
  | {
      readonly type: "ca";
      readonly secretNamespace: string;
      readonly secretName: string;
      readonly secret: Sourced | undefined;
      /** The CA Certificate that fills the Secret, when it is in the set. */
      readonly certificate: Certificate | undefined;
    }
  | { readonly type: "vault"; readonly vault: VaultIssuer }
  | { readonly type: "acme" | "venafi" | "none" };

export interface VaultIssuer {
  readonly server: string;
  /** "pki_int/sign/example-dot-com", and its two parts; empty when the path is not of that form. */
  readonly path: string;
  readonly mount: string;
  readonly role: string;
  readonly auth: VaultKubernetesAuth | undefined;
  readonly caBundleSecret: { readonly namespace: string; readonly name: string; readonly key: string } | undefined;
}

export interface VaultKubernetesAuth {
  readonly role: string;
  readonly mountPath: string;
  readonly serviceAccount: { readonly namespace: string; readonly name: string } | undefined;
  /** What cert-manager asks the token for: extra audiences, `vault://<namespace>/<issuer>` or `vault://<issuer>`, the server. */
  readonly audiences: readonly string[];
}

export interface Ingress extends OfObject {
  readonly namespace: string;
  readonly name: string;
  readonly className: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  /** `nginx.ingress.kubernetes.io/ssl-passthrough: "true"`. */
  readonly sslPassthrough: boolean;
  readonly rules: readonly IngressRule[];
  readonly tls: readonly IngressTls[];
  readonly defaultBackend: IngressBackend | undefined;
}

export interface IngressRule {
  readonly index: number;
  /** Undefined = any host. Lower case. */
  readonly host: string | undefined;
  readonly paths: readonly IngressPath[];
}

export interface IngressPath {
  readonly index: number;
  readonly path: string;
  /** Exact, Prefix or ImplementationSpecific. */
  readonly pathType: string;
  readonly backend: IngressBackend;
}

export interface IngressBackend {
  readonly service: string;
  /** Number or name. */
  readonly port: number | string | undefined;
  readonly resolution: BackendResolution;
}

export interface IngressTls {
  readonly hosts: readonly string[];
  readonly secretName: string | undefined;
  readonly certificate: CertificateRef | undefined;
}
