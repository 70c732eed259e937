import type { BackendTarget, Router, RuleTrace } from "../matching/decision.ts";
import type { HostIndex } from "../matching/hostname.ts";

/** Everything that is to listen, worked out before a socket is opened. */
export interface GatewayPlan {
  readonly ports: readonly PortPlan[];
}

/** Who has an address of its own: a Gateway, or the Ingress controller. */
export interface AddressOwner {
  /** "Gateway" or "Ingress controller". */
  readonly kind: string;
  /** "namespace/name" of a Gateway, "ingress-nginx" for the controller. */
  readonly name: string;
}

/** One port of one address: one socket, shared by the listeners that name it. */
export interface PortPlan {
  readonly owner: AddressOwner;
  readonly port: number;
  /** What the first bytes of a connection must be. */
  readonly transport: "clear" | "tls";
  /** Listeners that serve, found by SNI (tls) or Host (clear). Empty: the port refuses. */
  readonly listeners: readonly ListenerPlan[];
  /** Listeners that do not serve, and why. */
  readonly refused: readonly RefusedListener[];
}

export interface RefusedListener {
  readonly name: string;
  readonly protocol: string;
  readonly hostname: string | undefined;
  /** The Gateway API's reason where it has one: "RefNotPermitted: …". */
  readonly why: string;
}

/** A listener that serves. */
export interface ListenerPlan {
  /** As in the manifest. */
  readonly name: string;
  readonly protocol: string;
  /** Undefined = any host. */
  readonly hostname: string | undefined;
  readonly mode: ListenerMode;
}

export type ListenerMode =
  | { readonly type: "http"; readonly router: Router }
  | {
      readonly type: "https";
      readonly router: Router;
      readonly certificates: CertificateSource;
      /** Answer 421 to a Host of another listener of the port (Gateway), or serve by Host alone (Ingress). */
      readonly checkHost: boolean;
    }
  | { readonly type: "tls-terminate"; readonly routes: TlsRoutes; readonly certificates: CertificateSource }
  | { readonly type: "tls-passthrough"; readonly routes: TlsRoutes };

/** Where connections go by SNI. */
export type TlsRoutes = HostIndex<TlsTarget>;

export interface TlsTarget {
  readonly backends: readonly { readonly weight: number; readonly target: BackendTarget }[];
  readonly rule: RuleTrace;
}

/** Which Secret's certificate is shown under an SNI; undefined = the controller's own fake certificate. */
export interface CertificateSource {
  secretFor(sni: string | undefined): SecretUse | undefined;
  /** All Secrets that may be asked for. */
  readonly all: readonly SecretUse[];
}

/** A Secret, as the certificate of a listener. */
export interface SecretUse {
  readonly namespace: string;
  readonly name: string;
  /** The names that it must be good for: those of the Certificate that fills it, else of the hosts served. "*" = any. */
  readonly hostnames: readonly string[];
  /** Whether a Certificate in the set declares the names. */
  readonly declared: boolean;
}
