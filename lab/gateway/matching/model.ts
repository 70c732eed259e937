// What the matcher works on: routes with every default applied and every reference resolved, as lab/topology gives
// them. Field names follow apis/v1/httproute_types.go.

/** Names a Kubernetes object in traces: kind, namespace, name. */
export interface RouteRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A value that must be equal, or match a regular expression of RE2's dialect as a whole (as Envoy does it). */
export interface ValueMatch {
  readonly type: "Exact" | "RegularExpression";
  readonly name: string;
  readonly value: string;
}

/** `spec.rules[].matches[].path`. */
export interface PathMatch {
  readonly type: "Exact" | "PathPrefix" | "RegularExpression";
  readonly value: string;
}

/** One entry of `spec.rules[].matches`; all its conditions must hold. */
export interface RouteMatch {
  readonly path: PathMatch;
  readonly method?: string | undefined;
  readonly headers: readonly ValueMatch[];
  readonly queryParams: readonly ValueMatch[];
}

/** A rule of any kind of route; `payload` is what its owner does with a request that matches. */
export interface Rule<P> {
  readonly matches: readonly RouteMatch[];
  readonly payload: P;
}

/** A route as attached to one listener. */
export interface AttachedRoute<P> {
  readonly ref: RouteRef;
  /** The hostnames that the listener and the route have in common; empty = any host. */
  readonly hostnames: readonly string[];
  /** `metadata.creationTimestamp` in milliseconds, when known: the older route wins a tie. */
  readonly created?: number | undefined;
  readonly rules: readonly Rule<P>[];
}

/** What of a request is matched. `headers` has lower-case names; repeated values joined by ",". */
export interface RequestView {
  readonly host: string;
  /** Path without the query, as sent. */
  readonly path: string;
  /** The query without "?", "" when there is none. */
  readonly query: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** The rule that was chosen, and by which of its matches. */
export interface Matched<P> {
  readonly route: RouteRef;
  readonly ruleIndex: number;
  readonly match: RouteMatch;
  /** The match in words: `Exact /login GET header version=v2`. */
  readonly description: string;
  /** Routes with a more specific hostname have no rule for the request, so one of a less specific hostname serves it. */
  readonly lessSpecificHost: boolean;
  readonly payload: P;
}
