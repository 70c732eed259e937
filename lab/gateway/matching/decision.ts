import type { Cors } from "./cors.ts";
import type { HeaderModifier } from "./filters.ts";
import type { RequestView, RouteRef } from "./model.ts";

/** A request as the router sees it; `url` is the request target as sent (path and query). */
export interface ArrivedRequest extends RequestView {
  readonly scheme: "http" | "https";
  readonly listenerPort: number;
}

/** A port of a Service, as a place to send requests to, or why none can be sent. */
export interface BackendTarget {
  readonly namespace: string;
  readonly service: string;
  readonly port: number | undefined;
  /** 500: the reference is invalid; 503: there are no endpoints. Undefined = requests can be sent. */
  readonly failure: { readonly status: 500 | 503; readonly why: string } | undefined;
}

/** Which rule decided, for traces. */
export interface RuleTrace {
  readonly route: RouteRef;
  /** 0-based place in `spec.rules`. */
  readonly ruleIndex: number;
  /** The match in words, such as `PathPrefix /mango` or `Exact /login GET`. */
  readonly match: string;
  /** Something a learner should know about this match. */
  readonly note?: string | undefined;
}

/** What a gateway does with a request. */
export type Decision = Respond | Forward;

/** The gateway answers itself. */
export interface Respond {
  readonly type: "respond";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Why no backend is asked, in words. */
  readonly why: string;
  readonly rule: RuleTrace | undefined;
}

/** The request goes to a backend. */
export interface Forward {
  readonly type: "forward";
  readonly backend: BackendTarget;
  /** Path and query for the backend. */
  readonly url: string;
  /** The Host for the backend, when a filter changes it. */
  readonly host: string | undefined;
  readonly requestModifiers: readonly HeaderModifier[];
  readonly responseModifiers: readonly HeaderModifier[];
  readonly cors: Cors | undefined;
  /** Milliseconds until the answer must have come; undefined = no limit. */
  readonly timeout: number | undefined;
  readonly rule: RuleTrace;
}

/** Answers requests of one listener: a pure function but for the choice among weights. */
export interface Router {
  decide(request: ArrivedRequest): Decision;
  /** Whether something is served under this host, whatever the path. */
  knowsHost(host: string): boolean;
}

/** An answer of the gateway itself, with an empty body unless given, as Envoy's. */
export function respond(
  status: number,
  why: string,
  rule?: RuleTrace,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): Respond {
  return { type: "respond", status, headers, body, why, rule };
}
