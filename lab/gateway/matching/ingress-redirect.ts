import type { ArrivedRequest } from "./decision.ts";
import type { IngressLocation, IngressServer } from "./ingress-model.ts";

/** An answer that sends the client elsewhere. */
export interface IngressRedirect {
  readonly status: number;
  readonly location: string;
  readonly why: string;
}

/** Paths that stay in clear, where ACME looks for its challenges. @see no-tls-redirect-locations of the ConfigMap */
const NEVER_TO_TLS = "/.well-known/acme-challenge";

/** nginx' own `return` comes before the redirect to TLS, which the controller's Lua makes (nginx.tmpl, lua_ingress.lua). */
export function redirectOf(
  server: IngressServer,
  location: IngressLocation,
  request: ArrivedRequest,
): IngressRedirect | undefined {
  const { appRoot, redirect } = location.annotations;
  if (appRoot !== undefined && request.path === "/") {
    const port = request.listenerPort === (request.scheme === "http" ? 80 : 443) ? "" : `:${request.listenerPort}`;
    return { status: 302, location: `${request.scheme}://${request.host}${port}${appRoot}`, why: "app-root" };
  }
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
