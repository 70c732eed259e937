import type { CanaryPolicy, IngressAnnotations } from "../matching/ingress-model.ts";
import { readCors } from "./cors-annotations.ts";

export const CONTROLLER_PREFIX = "nginx.ingress.kubernetes.io/";

type Written = Readonly<Record<string, string>>;

/** The annotations that are served. @see docs/user-guide/nginx-configuration/annotations.md of kubernetes/ingress-nginx */
export function readAnnotations(written: Written): IngressAnnotations {
  const get = (name: string) => written[CONTROLLER_PREFIX + name];
  return {
    sslRedirect: get("ssl-redirect") !== "false",
    forceSslRedirect: get("force-ssl-redirect") === "true",
    preserveTrailingSlash: get("preserve-trailing-slash") === "true",
    rewriteTarget: get("rewrite-target") || undefined,
    useRegex: get("use-regex") === "true",
    appRoot: get("app-root") || undefined,
    redirect: redirect("temporal-redirect", 302, 307) ?? redirect("permanent-redirect", 301, 308),
    upstreamVhost: get("upstream-vhost") || undefined,
    cors: readCors(get),
    fromToWww: get("from-to-www-redirect") === "true",
    authentication: authentication(get),
  };

  function redirect(name: string, usual: number, highest: number): IngressAnnotations["redirect"] {
    const to = get(name);
    if (to === undefined || to === "") return undefined;
    const code = Number(get(`${name}-code`));
    return { to, status: code >= 300 && code <= highest ? code : usual };
  }
}

/** The annotation by which only some clients are let in: basic and digest, a service that is asked, client certificates. */
function authentication(get: (name: string) => string | undefined): string | undefined {
  const asked = ["auth-type", "auth-url", "auth-tls-secret"].filter((name) => (get(name) ?? "") !== "");
  return asked.find((name) => name !== "auth-tls-secret" || get("auth-tls-verify-client") !== "off");
}

/** What makes a request the canary's; undefined when the Ingress is none. */
export function readCanary(written: Written): CanaryPolicy | undefined {
  const get = (name: string) => written[`${CONTROLLER_PREFIX}canary${name}`] || undefined;
  if (get("") !== "true") return undefined;
  return {
    header: get("-by-header"),
    headerValue: get("-by-header-value"),
    headerPattern: get("-by-header-pattern"),
    cookie: get("-by-cookie"),
    weight: Number(get("-weight") ?? 0),
    weightTotal: Math.max(100, Number(get("-weight-total") ?? 100)),
  };
}

/** Further hosts of an Ingress' servers. */
export function serverAliases(written: Written): string[] {
  const names = (written[`${CONTROLLER_PREFIX}server-alias`] ?? "").split(",");
  return names.map((name) => name.trim().toLowerCase()).filter((name) => name !== "");
}
