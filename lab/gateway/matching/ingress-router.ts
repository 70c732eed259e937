// Ingress as ingress-nginx serves it. Sources: docs/user-guide/ingress-path-matching.md, docs/user-guide/tls.md,
// docs/examples/rewrite/README.md, internal/ingress/controller/controller.go (createServers, getBackendServers) and
// rootfs/etc/nginx/lua/lua_ingress.lua of kubernetes/ingress-nginx; https://kubernetes.io/docs/concepts/services-networking/ingress/
import { RE2JS } from "re2js";
import { type ArrivedRequest, type Decision, type Router, type RuleTrace, respond } from "./decision.ts";
import type { HeaderModifier } from "./filters.ts";
import { isCanaryRequest } from "./ingress-canary.ts";
import type { IngressLocation, IngressServer } from "./ingress-model.ts";
import { redirectOf } from "./ingress-redirect.ts";
import { withoutTrailingSlash } from "./route-index.ts";
import type { Random } from "./weights.ts";

/** Told with every answer over TLS, as the controller does unless its ConfigMap says otherwise (docs/user-guide/tls.md). */
const HSTS = { "strict-transport-security": "max-age=31536000; includeSubDomains" };

interface CompiledServer {
  readonly server: IngressServer;
  readonly find: (path: string) => Found | undefined;
}

interface Found {
  readonly location: IngressLocation;
  /** The path for the backend. */
  readonly path: string;
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
    const decision = this.#decide(request);
    if (request.scheme !== "https" || decision.type === "forward") return decision;
    return { ...decision, headers: { ...HSTS, ...decision.headers } };
  }

  #decide(request: ArrivedRequest): Decision {
    const compiled = this.#named(request.host) ?? this.#any;
    if (compiled === undefined) return respond(404, `no Ingress has the host ${request.host || "(none)"}`);
    const { server } = compiled;
    const found = compiled.find(request.path) ?? (server.fallback && { location: server.fallback, path: request.path });
    if (found === undefined) {
      return respond(404, `no Ingress path of host ${server.host ?? "*"} matches ${request.path}: default backend`);
    }
    const { location } = found;
    const { canary, annotations } = location;
    const isCanary = canary !== undefined && isCanaryRequest(canary.policy, request, this.#random);
    const rule: RuleTrace = {
      route: isCanary ? canary.ingress : location.ingress,
      ruleIndex: location.ruleIndex,
      match: `${location.pathType} ${location.path}`,
    };
    const redirect = redirectOf(server, location, request);
    if (redirect !== undefined) return respond(redirect.status, redirect.why, rule, { location: redirect.location });
    const backend = isCanary ? canary.backend : location.backend;
    if (backend === undefined) return respond(404, "the controller's default backend", rule);
    const { failure } = backend;
    // ingress-nginx answers 503 for a Service without endpoints and for one that does not exist.
    if (failure !== undefined) return respond(503, failure.why, rule);
    return {
      type: "forward",
      backend,
      url: found.path + (request.query === "" ? "" : `?${request.query}`),
      host: annotations.upstreamVhost,
      requestModifiers: [forwardedHeaders(request)],
      responseModifiers: request.scheme === "https" ? [setting(HSTS)] : [],
      cors: undefined,
      timeout: undefined,
      rule,
    };
  }

  #named(host: string): CompiledServer | undefined {
    const dot = host.indexOf(".");
    return this.#precise.get(host) ?? (dot > 0 ? this.#wildcard.get(host.slice(dot)) : undefined);
  }
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

/**
 * The look-up of one server. Exact before Prefix, longest first. When any Ingress of the host uses regular expressions
 * or rewrites, every path of the host is a case-insensitive expression that need only match the beginning, longest
 * path first.
 */
function compileLocations(server: IngressServer): (path: string) => Found | undefined {
  const enforceRegex = server.locations.some(
    ({ annotations }) => annotations.useRegex || annotations.rewriteTarget !== undefined,
  );
  return enforceRegex ? byExpression(server.locations) : bySegment(server.locations);
}

function bySegment(locations: readonly IngressLocation[]): (path: string) => Found | undefined {
  const exact = new Map<string, IngressLocation>();
  const prefix = new Map<string, IngressLocation>();
  const plain: IngressLocation[] = [];
  for (const location of locations) {
    const { path, pathType } = location;
    if (pathType === "Exact") keepFirst(exact, path, location);
    else if (pathType === "Prefix") keepFirst(prefix, withoutTrailingSlash(path), location);
    else plain.push(location);
  }
  // ImplementationSpecific is nginx' own prefix match, by characters.
  plain.sort((a, b) => b.path.length - a.path.length);
  return (path) => {
    const location =
      exact.get(path) ??
      longest(
        longestPrefix(prefix, path),
        plain.find((l) => path.startsWith(l.path)),
      );
    return location && { location, path };
  };
}

function keepFirst(map: Map<string, IngressLocation>, path: string, location: IngressLocation): void {
  if (!map.has(path)) map.set(path, location);
}

function longest(a: IngressLocation | undefined, b: IngressLocation | undefined): IngressLocation | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.path.length > a.path.length ? b : a;
}

function longestPrefix(prefix: ReadonlyMap<string, IngressLocation>, path: string): IngressLocation | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    const found = prefix.get(path.slice(0, end));
    if (found !== undefined) return found;
  }
  return prefix.get("");
}

function byExpression(locations: readonly IngressLocation[]): (path: string) => Found | undefined {
  const ordered = [...locations].sort((a, b) => b.path.length - a.path.length);
  const compiled = ordered.flatMap((location) => {
    const expression = compileExpression(location);
    return expression === undefined ? [] : [{ location, expression }];
  });
  return (path) => {
    for (const { location, expression } of compiled) {
      const matcher = expression.matcher(path);
      if (!matcher.lookingAt()) continue;
      const target = location.annotations.rewriteTarget;
      if (target === undefined) return { location, path };
      const groups = matcher.groupCount();
      const rewritten = target.replace(/\$(\d)/g, (_, digit: string) =>
        Number(digit) <= groups ? (matcher.group(Number(digit)) ?? "") : "",
      );
      return { location, path: rewritten };
    }
    return undefined;
  };
}

function compileExpression({ path }: IngressLocation): RE2JS | undefined {
  try {
    return RE2JS.compile(path, RE2JS.CASE_INSENSITIVE);
  } catch {
    return undefined;
  }
}
