import type { BackendTarget } from "./decision.ts";
import type { IngressCors } from "./ingress-cors.ts";
import type { RouteRef } from "./model.ts";

/** One path of one Ingress, with the annotations of its Ingress. */
export interface IngressLocation {
  readonly ingress: RouteRef;
  readonly ruleIndex: number;
  readonly path: string;
  readonly pathType: string;
  /** Undefined: the controller's default backend, 404. */
  readonly backend: BackendTarget | undefined;
  readonly annotations: IngressAnnotations;
  readonly canary?: Canary | undefined;
}

/** The `nginx.ingress.kubernetes.io/…` annotations that are served. */
export interface IngressAnnotations {
  readonly sslRedirect: boolean;
  readonly forceSslRedirect: boolean;
  readonly preserveTrailingSlash: boolean;
  readonly rewriteTarget: string | undefined;
  readonly useRegex: boolean;
  readonly appRoot: string | undefined;
  /** `temporal-redirect` or `permanent-redirect`. */
  readonly redirect: { readonly to: string; readonly status: number } | undefined;
  /** The Host that backends see instead of the client's. */
  readonly upstreamVhost: string | undefined;
  readonly cors: IngressCors | undefined;
  /** `from-to-www-redirect`: www.example.com sends on to example.com, or the other way round. */
  readonly fromToWww: boolean;
  /** The annotation that asks for authentication, which is not played: "auth-url". */
  readonly authentication: string | undefined;
}

/** The other backend of a path, of an Ingress annotated `canary: "true"`, and the requests that are its own. */
export interface Canary {
  readonly ingress: RouteRef;
  readonly backend: BackendTarget;
  readonly policy: CanaryPolicy;
}

/** Tried in this order: header, cookie, weight. */
export interface CanaryPolicy {
  readonly header: string | undefined;
  /** Instead of "always" and "never". */
  readonly headerValue: string | undefined;
  /** A regular expression, heeded when no value is given. */
  readonly headerPattern: string | undefined;
  readonly cookie: string | undefined;
  readonly weight: number;
  readonly weightTotal: number;
}

/** One host of all Ingresses together (an nginx `server`). */
export interface IngressServer {
  /** Undefined: requests whose host no Ingress names. */
  readonly host: string | undefined;
  readonly hasCertificate: boolean;
  readonly locations: readonly IngressLocation[];
  /** Where requests go that no location matches: the first Ingress' defaultBackend, or nowhere. */
  readonly fallback: IngressLocation | undefined;
  /** The host to which this one only sends on. */
  readonly redirectTo?: string | undefined;
}
