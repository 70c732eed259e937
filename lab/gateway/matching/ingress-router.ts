// Ingress as ingress-nginx serves it. Sources: docs/user-guide/ingress-path-matching.md, docs/user-guide/tls.md,
// docs/examples/rewrite/README.md, internal/ingress/controller/controller.go (createServers, getBackendServers) and
// rootfs/etc/nginx/lua/lua_ingress.lua of kubernetes/ingress-nginx; https://kubernetes.io/docs/concepts/services-networking/ingress/
import { type ArrivedRequest, type Decision, type Respond, type Router, type RuleTrace, respond } from "./decision.ts";
import type { HeaderModifier } from "./filters.ts";
import { isCanaryRequest } from "./ingress-canary.ts";
import { ingressCorsHeaders, ingressPreflight } from "./ingress-cors.ts";
import { compileLocations, type Found } from "./ingress-locations.ts";
import type { IngressServer } from "./ingress-model.ts";
import { appRootOf, type IngressRedirect, redirectOf, redirectToTwin } from "./ingress-redirect.ts";
import type { Random } from "./weights.ts";

/** Told with every answer over TLS, as the controller does unless its ConfigMap says otherwise (docs/user-guide/tls.md). */
const HSTS = { "strict-transport-security": "max-age=31536000; includeSubDomains" };

interface CompiledServer {
  readonly server: IngressServer;
  readonly find: (path: string) => Found | undefined;
}

/**
 * Decides for one host map. A host with its own server never falls back to the server without a host; `*.example.com`
 * stands for exactly one label (buildServerName in template.go).
 */
export class IngressRouter implements Router {
  readonly #precise = new Map<string, CompiledServer>();
  readonly #wildcard = new Map<string, CompiledServer>();
  readonly #any: CompiledServer | undefined;
  readonly #random: Random;

  constructor(servers: readonly IngressServer[], random: Random = Math.random) {
    this.#random = random;
    let any: CompiledServer | undefined;
    for (const server of servers) {
      const compiled = { server, find: compileLocations(server) };
      if (server.host === undefined) any = compiled;
      else if (server.host.startsWith("*.")) this.#wildcard.set(server.host.slice(1), compiled);
      else this.#precise.set(server.host, compiled);
    }
    this.#any = any;
  }

  knowsHost(host: string): boolean {
    return this.#named(host) !== undefined;
  }

  decide(request: ArrivedRequest): Decision {
    const compiled = this.#named(request.host) ?? this.#any;
    const twin = compiled?.server.redirectTo;
    if (twin !== undefined) return redirectToTwin(twin, request);
    const decision = compiled === undefined ? noHost(request) : this.#decide(compiled, request);
    return request.scheme === "https" ? withHeaders(HSTS, decision) : decision;
  }

  #decide({ server, find }: CompiledServer, request: ArrivedRequest): Decision {
    const found = find(request.path) ?? (server.fallback && { location: server.fallback, path: request.path });
    if (found === undefined) {
      return respond(404, `no Ingress path of host ${server.host ?? "*"} matches ${request.path}: default backend`);
    }
    const { location } = found;
    const { canary } = location;
    const isCanary = canary !== undefined && isCanaryRequest(canary.policy, request, this.#random);
    const rule: RuleTrace = {
      route: isCanary ? canary.ingress : location.ingress,
      ruleIndex: location.ruleIndex,
      match: `${location.pathType} ${location.path}`,
    };
    // nginx' order: the server's rewrites, then those of the location, of which CORS is the first.
    const appRoot = appRootOf(location, request);
    if (appRoot !== undefined) return redirected(appRoot, rule);
    const cors = ingressCorsHeaders(location.annotations.cors, request);
    if (cors === undefined) return atLocation(server, found, isCanary, request, rule);
    return withHeaders(cors, ingressPreflight(request, rule) ?? atLocation(server, found, isCanary, request, rule));
  }

  #named(host: string): CompiledServer | undefined {
    const dot = host.indexOf(".");
    return this.#precise.get(host) ?? (dot > 0 ? this.#wildcard.get(host.slice(dot)) : undefined);
  }
}

function noHost({ host }: ArrivedRequest): Respond {
  return respond(404, `no Ingress has the host ${host || "(none)"}`);
}

function atLocation(
  server: IngressServer,
  { location, path }: Found,
  isCanary: boolean,
  request: ArrivedRequest,
  rule: RuleTrace,
): Decision {
  const { annotations, canary } = location;
  const redirect = redirectOf(server, location, request);
  if (redirect !== undefined) return redirected(redirect, rule);
  if (annotations.authentication !== undefined) {
    const why = `the annotation ${annotations.authentication} is not played, and must not be skipped`;
    return respond(500, why, rule, {}, why);
  }
  const backend = isCanary ? canary?.backend : location.backend;
  if (backend === undefined) return respond(404, "the controller's default backend", rule);
  const { failure } = backend;
  // ingress-nginx answers 503 for a Service without endpoints and for one that does not exist.
  if (failure !== undefined) return respond(503, failure.why, rule);
  return {
    type: "forward",
    backend,
    url: path + (request.query === "" ? "" : `?${request.query}`),
    host: annotations.upstreamVhost,
    requestModifiers: [forwardedHeaders(request)],
    responseModifiers: [],
    cors: undefined,
    timeout: undefined,
    rule,
  };
}

function redirected({ status, why, location }: IngressRedirect, rule: RuleTrace): Respond {
  return respond(status, why, rule, { location });
}

/** The decision with headers of the controller's on the answer, whoever gives it. */
function withHeaders(headers: Readonly<Record<string, string>>, decision: Decision): Decision {
  return decision.type === "respond"
    ? { ...decision, headers: { ...headers, ...decision.headers } }
    : { ...decision, responseModifiers: [...decision.responseModifiers, setting(headers)] };
}

/** What backends are told of the client's request; what the client itself says of it is not trusted. */
function forwardedHeaders({ host, scheme, listenerPort }: ArrivedRequest): HeaderModifier {
  return setting({
    "x-forwarded-host": host,
    "x-forwarded-port": String(listenerPort),
    "x-forwarded-proto": scheme,
    "x-forwarded-scheme": scheme,
    "x-scheme": scheme,
  });
}

function setting(headers: Readonly<Record<string, string>>): HeaderModifier {
  return { set: Object.entries(headers).map(([name, value]) => ({ name, value })), add: [], remove: [] };
}
