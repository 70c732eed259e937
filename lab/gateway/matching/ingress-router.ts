// Ingress as ingress-nginx serves it. Sources: docs/user-guide/ingress-path-matching.md, docs/user-guide/tls.md,
// docs/examples/rewrite/README.md, internal/ingress/controller/controller.go (createServers, getBackendServers) and
// rootfs/etc/nginx/lua/lua_ingress.lua of kubernetes/ingress-nginx; https://kubernetes.io/docs/concepts/services-networking/ingress/
import { RE2JS } from "re2js";
import {
  type ArrivedRequest,
  type BackendTarget,
  type Decision,
  type Router,
  type RuleTrace,
  respond,
} from "./decision.ts";
import type { RouteRef } from "./model.ts";
import { withoutTrailingSlash } from "./route-index.ts";

/** One path of one Ingress, with the annotations of its Ingress. */
export interface IngressLocation {
  readonly ingress: RouteRef;
  readonly ruleIndex: number;
  readonly path: string;
  readonly pathType: string;
  /** Undefined: the controller's default backend, 404. */
  readonly backend: BackendTarget | undefined;
  readonly annotations: IngressAnnotations;
}

/** The `nginx.ingress.kubernetes.io/…` annotations that are served. */
export interface IngressAnnotations {
  readonly sslRedirect: boolean;
  readonly forceSslRedirect: boolean;
  readonly preserveTrailingSlash: boolean;
  readonly rewriteTarget: string | undefined;
  readonly useRegex: boolean;
  readonly appRoot: string | undefined;
}

/** One host of all Ingresses together (an nginx `server`). */
export interface IngressServer {
  /** Undefined: requests whose host no Ingress names. */
  readonly host: string | undefined;
  readonly hasCertificate: boolean;
  readonly locations: readonly IngressLocation[];
  /** Where requests go that no location matches: the first Ingress' defaultBackend, or nowhere. */
  readonly fallback: IngressLocation | undefined;
}

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

  constructor(servers: readonly IngressServer[]) {
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
    if (compiled === undefined) return respond(404, `no Ingress has the host ${request.host || "(none)"}`);
    const { server } = compiled;
    const found = compiled.find(request.path) ?? (server.fallback && { location: server.fallback, path: request.path });
    if (found === undefined) {
      return respond(404, `no Ingress path of host ${server.host ?? "*"} matches ${request.path}: default backend`);
    }
    const { location } = found;
    const rule: RuleTrace = {
      route: location.ingress,
      ruleIndex: location.ruleIndex,
      match: `${location.pathType} ${location.path}`,
    };
    const redirect = redirectOf(server, location, request);
    if (redirect !== undefined) return respond(redirect.status, redirect.why, rule, { location: redirect.location });
    if (location.backend === undefined) return respond(404, "the controller's default backend", rule);
    const { failure } = location.backend;
    // ingress-nginx answers 503 for a Service without endpoints and for one that does not exist.
    if (failure !== undefined) return respond(503, failure.why, rule);
    return {
      type: "forward",
      backend: location.backend,
      url: found.path + (request.query === "" ? "" : `?${request.query}`),
      host: undefined,
      requestModifiers: [],
      responseModifiers: [],
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

function redirectOf(server: IngressServer, location: IngressLocation, request: ArrivedRequest) {
  const { annotations } = location;
  const target = request.path + (request.query === "" ? "" : `?${request.query}`);
  const toTls = annotations.forceSslRedirect || (annotations.sslRedirect && server.hasCertificate);
  if (request.scheme === "http" && toTls) {
    const strip = target.endsWith("/") && !annotations.preserveTrailingSlash;
    const redirected = `https://${request.host}${strip ? target.slice(0, -1) : target}`;
    return { status: 308, location: redirected, why: "the host has a certificate: ssl-redirect" };
  }
  if (annotations.appRoot !== undefined && request.path === "/") {
    const port = request.listenerPort === (request.scheme === "http" ? 80 : 443) ? "" : `:${request.listenerPort}`;
    return {
      status: 302,
      location: `${request.scheme}://${request.host}${port}${annotations.appRoot}`,
      why: "app-root",
    };
  }
  return undefined;
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
