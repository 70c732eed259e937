import type { Ref, Sourced } from "../manifests/object.ts";
import type {
  Attachment,
  BackendRef,
  Certificate,
  Gateway,
  Ingress,
  IngressPath,
  Issuer,
  Listener,
  Port,
  Route,
  RouteRule,
  Service,
  ServicePort,
  Workload,
} from "./model.ts";

/** What every node has: an id that is stable between runs, its lane, and the object it stems from. */
interface NodeBase {
  readonly id: string;
  /** The namespace whose lane it is drawn in; null = outside the cluster or cluster-scoped. */
  readonly namespace: string | null;
  /** Short text for the box. */
  readonly label: string;
  readonly ref: Ref | undefined;
  readonly sourced: Sourced | undefined;
}

/** The nodes, in the order of a request's path and then of the certificate chain, leaf first. */
export type Node = NodeBase &
  (
    | { readonly type: "client" }
    /** The address:port at which a Gateway (or the Ingress controller) is reached. */
    | { readonly type: "address"; readonly port: Port; readonly address: string | undefined }
    /** A listener, or the Ingress controller's HTTP or HTTPS side. */
    | { readonly type: "listener"; readonly listener: Listener | undefined; readonly gateway: Gateway | undefined }
    /** A route or an Ingress. */
    | { readonly type: "route"; readonly route: Route | undefined; readonly ingress: Ingress | undefined }
    /** One port of a Service; `service` is undefined when it does not exist. */
    | { readonly type: "service"; readonly service: Service | undefined; readonly servicePort: ServicePort | undefined }
    /** One port of a workload's pods; `workload` is undefined when it is not in the set. */
    | { readonly type: "pod"; readonly workload: Workload | undefined; readonly port: number | undefined }
    | { readonly type: "secret"; readonly secretName: string }
    | { readonly type: "certificate"; readonly certificate: Certificate }
    | { readonly type: "issuer"; readonly issuer: Issuer | undefined }
    | { readonly type: "authority"; readonly authority: Authority }
  );

export type NodeType = Node["type"];

/** Who stands at the top of a chain. */
export type Authority =
  | { readonly type: "self-signed" }
  | { readonly type: "secret"; readonly namespace: string; readonly name: string }
  | {
      readonly type: "vault";
      readonly mount: string;
      /** The role that limits names and lifetimes; undefined for a mount that only signs other mounts. */
      readonly role: string | undefined;
      readonly commonName: string | undefined;
      readonly ttlSeconds: number | undefined;
      readonly maxTtlSeconds: number | undefined;
    }
  | { readonly type: "external"; readonly name: string };

/**
 * Who can read the bytes on a wire: anybody ("clear"); client and gateway ("tls-to-gateway"); client and pod only
 * ("passthrough"); the mesh's two ends ("mesh-mtls", added by ztunnel around what is sent); gateway and pod
 * ("backend-tls", BackendTLSPolicy or HTTPS backends).
 */
export type TlsState = "clear" | "tls-to-gateway" | "passthrough" | "mesh-mtls" | "backend-tls";

interface EdgeBase {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** False when the wire leads nowhere; `reason` then says why in the API's word ("BackendNotFound"). */
  readonly ok: boolean;
  readonly reason: string | undefined;
}

/** Wires of requests, and wires of certificates (from the user of a certificate towards its authority). */
export type Edge = EdgeBase &
  (
    | {
        readonly type: "traffic";
        readonly protocol: string;
        readonly port: Port | undefined;
        /** Under which hosts requests come this way; [] = not a matter of hosts here. */
        readonly hostnames: readonly string[];
        readonly tls: TlsState;
        /** For route → Service: the matches that lead here ("PathPrefix /mango", "Exact /login GET"). */
        readonly matches: readonly string[];
        readonly weight: number | undefined;
        readonly attachment: Attachment | undefined;
        readonly rule: RouteRule | undefined;
        readonly backend: BackendRef | undefined;
        readonly ingressPath: IngressPath | undefined;
      }
    /** uses: listener, Ingress or pod → Secret; fills: Secret → Certificate; issues: Certificate → Issuer; signs: Issuer → Secret or authority, authority → authority. */
    | { readonly type: "uses" | "fills" | "issues" | "signs" }
  );
