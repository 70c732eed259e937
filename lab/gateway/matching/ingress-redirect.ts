import { type ArrivedRequest, type Respond, respond } from "./decision.ts";
import type { IngressLocation, IngressServer } from "./ingress-model.ts";

/** An answer that sends the client elsewhere. */
export interface IngressRedirect {
  readonly status: number;
  readonly location: string;
  readonly why: string;
}

const WWW = "www.";

/** Paths that stay in clear, where ACME looks for its challenges. @see no-tls-redirect-locations of the ConfigMap */
const NEVER_TO_TLS = "/.well-known/acme-challenge";

/** The redirect of `app-root`, which the whole server makes before any location is asked. */
export function appRootOf({ annotations }: IngressLocation, request: ArrivedRequest): IngressRedirect | undefined {
  const { appRoot } = annotations;
  if (appRoot === undefined || request.path !== "/") return undefined;
  const port = request.listenerPort === (request.scheme === "http" ? 80 : 443) ? "" : `:${request.listenerPort}`;
  return { status: 302, location: `${request.scheme}://${request.host}${port}${appRoot}`, why: "app-root" };
}

/** nginx' own `return` comes before the redirect to TLS, which the controller's Lua makes (nginx.tmpl, lua_ingress.lua). */
export function redirectOf(
  server: IngressServer,
  location: IngressLocation,
  request: ArrivedRequest,
): IngressRedirect | undefined {
  const { redirect } = location.annotations;
  if (redirect !== undefined) {
    return { status: redirect.status, location: redirect.to, why: "permanent-redirect or temporal-redirect" };
  }
  return request.scheme === "http" ? toTls(server, location, request) : undefined;
}

function toTls(server: IngressServer, location: IngressLocation, request: ArrivedRequest): IngressRedirect | undefined {
  const { forceSslRedirect, sslRedirect, preserveTrailingSlash } = location.annotations;
  if (location.path.startsWith(NEVER_TO_TLS)) return undefined;
  if (!forceSslRedirect && !(sslRedirect && server.hasCertificate)) return undefined;
  const target = request.path + (request.query === "" ? "" : `?${request.query}`);
  const shown = target.endsWith("/") && !preserveTrailingSlash ? target.slice(0, -1) : target;
  return {
    status: 308,
    location: `https://${request.host}${shown}`,
    why: forceSslRedirect ? "force-ssl-redirect" : "the host has a certificate: ssl-redirect",
  };
}

/** The host of `from-to-www-redirect`: the same with or without "www."; undefined for no host and for wildcards. */
export function wwwTwin(host: string | undefined): string | undefined {
  if (host === undefined || host.startsWith("*")) return undefined;
  return host.startsWith(WWW) ? host.slice(WWW.length) : WWW + host;
}

/**
 * The answer of a host that only sends on to its twin; the port is always named, a slash at the end is lost.
 * @see rootfs/etc/nginx/lua/nginx/ngx_srv_redirect.lua
 */
export function redirectToTwin(to: string, { scheme, listenerPort, path, query }: ArrivedRequest): Respond {
  const target = path + (query === "" ? "" : `?${query}`);
  const location = `${scheme}://${to}:${listenerPort}${target.endsWith("/") ? target.slice(0, -1) : target}`;
  return respond(308, `from-to-www-redirect of host ${to}`, undefined, { location });
}
