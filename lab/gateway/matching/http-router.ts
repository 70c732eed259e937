import { isPreflight, preflightHeaders } from "./cors.ts";
import { type ArrivedRequest, type Decision, type Forward, type Router, type RuleTrace, respond } from "./decision.ts";
import { modifyPath, redirectLocation } from "./filters.ts";
import type { AttachedRoute, Matched, RouteMatch } from "./model.ts";
import { type IndexOptions, RouteIndex } from "./route-index.ts";
import type { Filters, RuleAction, WeightedBackend } from "./rule-action.ts";
import { chooseByWeight, type Random } from "./weights.ts";

/** What a router of HTTPRoutes may be told. */
export interface RouterOptions extends IndexOptions {
  readonly random?: Random | undefined;
}

/** Decides for one listener with its attached HTTPRoutes (and GRPCRoutes). */
export class HttpRouter implements Router {
  readonly #index: RouteIndex<RuleAction>;
  readonly #random: Random;

  constructor(routes: readonly AttachedRoute<RuleAction>[], options: RouterOptions = {}) {
    this.#index = new RouteIndex(routes, options);
    this.#random = options.random ?? Math.random;
  }

  knowsHost(host: string): boolean {
    return this.#index.knowsHost(host);
  }

  decide(request: ArrivedRequest): Decision {
    const matched = this.#index.match(request);
    if (matched === undefined) return this.#unmatched(request);
    const rule = traceOf(matched);
    const { filters, backends } = matched.payload;
    const answered = answerByFilter(filters, request, matched.match, rule);
    if (answered !== undefined) return answered;
    const backend = chooseByWeight(backends, this.#random);
    if (backend === undefined) {
      const why = backends.length === 0 ? "the rule has no backendRefs" : "all backendRefs have weight 0";
      return respond(500, why, rule);
    }
    // A redirect within a backendRef answers for it, whether or not the backend could.
    const answeredByBackend = answerByFilter(backend.filters, request, matched.match, rule);
    if (answeredByBackend !== undefined) return answeredByBackend;
    const { failure } = backend.target;
    if (failure !== undefined) {
      return respond(failure.status, failure.why, rule, {}, failure.status === 503 ? "no healthy upstream" : "");
    }
    return forward(matched, backend, request, rule);
  }

  /** Nothing matched. An unmatched gRPC call is UNIMPLEMENTED (12), everything else 404 (GatewaySpec.listeners). */
  #unmatched(request: ArrivedRequest): Decision {
    const why = this.#index.knowsHost(request.host)
      ? `no rule matches ${request.method} ${request.path} on host ${request.host}`
      : `no route has the host ${request.host || "(none)"}`;
    const contentType = request.headers["content-type"];
    if (typeof contentType === "string" && /^application\/grpc\b/.test(contentType)) {
      return respond(200, why, undefined, { "content-type": "application/grpc", "grpc-status": "12" });
    }
    return respond(404, why);
  }
}

function traceOf(matched: Matched<RuleAction>): RuleTrace {
  const { route, ruleIndex, description } = matched;
  if (!matched.lessSpecificHost) return { route, ruleIndex, match: description };
  const note = "a route with a more specific hostname has no rule for this: proxies with virtual hosts answer 404 here";
  return { route, ruleIndex, match: description, note };
}

function answerByFilter(
  filters: Filters,
  request: ArrivedRequest,
  match: RouteMatch,
  rule: RuleTrace,
): Decision | undefined {
  if (filters.unsupported !== undefined) {
    return respond(500, `the filter ${filters.unsupported} is not served, and must not be skipped`, rule);
  }
  if (filters.cors !== undefined && isPreflight(request.method, request.headers)) {
    return respond(204, "CORS preflight", rule, preflightHeaders(filters.cors, request.headers));
  }
  if (filters.redirect === undefined) return undefined;
  const arrived = { ...request, search: search(request) };
  const location = redirectLocation(filters.redirect, arrived, match.path.value);
  return respond(filters.redirect.statusCode, `redirect to ${location}`, rule, { location });
}

function forward(
  matched: Matched<RuleAction>,
  backend: WeightedBackend,
  request: ArrivedRequest,
  rule: RuleTrace,
): Forward {
  const { filters, timeout } = matched.payload;
  const prefix = matched.match.path.value;
  const rewritten = modifyPath(request.path, filters.rewrite?.path, prefix);
  const path = modifyPath(rewritten, backend.filters.rewrite?.path, prefix);
  return {
    type: "forward",
    backend: backend.target,
    url: path + search(request),
    host: backend.filters.rewrite?.hostname ?? filters.rewrite?.hostname,
    requestModifiers: present(filters.requestHeaders, backend.filters.requestHeaders),
    responseModifiers: present(backend.filters.responseHeaders, filters.responseHeaders),
    cors: filters.cors ?? backend.filters.cors,
    timeout,
    rule,
  };
}

function search(request: ArrivedRequest): string {
  return request.query === "" ? "" : `?${request.query}`;
}

const NONE: readonly never[] = [];

function present<T>(first: T | undefined, second: T | undefined): readonly T[] {
  if (first === undefined) return second === undefined ? NONE : [second];
  return second === undefined ? [first] : [first, second];
}
