import type { CanaryPolicy, IngressAnnotations } from "../matching/ingress-model.ts";

const PREFIX = "nginx.ingress.kubernetes.io/";

type Written = Readonly<Record<string, string>>;

/** The annotations that are served. @see docs/user-guide/nginx-configuration/annotations.md of kubernetes/ingress-nginx */
export function readAnnotations(written: Written): IngressAnnotations {
  const get = (name: string) => written[PREFIX + name];
  return {
    sslRedirect: get("ssl-redirect") !== "false",
    forceSslRedirect: get("force-ssl-redirect") === "true",
    preserveTrailingSlash: get("preserve-trailing-slash") === "true",
    rewriteTarget: get("rewrite-target") || undefined,
    useRegex: get("use-regex") === "true",
    appRoot: get("app-root") || undefined,
    redirect: redirect("temporal-redirect", 302, 307) ?? redirect("permanent-redirect", 301, 308),
    upstreamVhost: get("upstream-vhost") || undefined,
  };

  function redirect(name: string, usual: number, highest: number): IngressAnnotations["redirect"] {
    const to = get(name);
    if (to === undefined || to === "") return undefined;
    const code = Number(get(`${name}-code`));
    return { to, status: code >= 300 && code <= highest ? code : usual };
  }
}

/** What makes a request the canary's; undefined when the Ingress is none. */
export function readCanary(written: Written): CanaryPolicy | undefined {
  const get = (name: string) => written[`${PREFIX}canary${name}`] || undefined;
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
  const names = (written[`${PREFIX}server-alias`] ?? "").split(",");
  return names.map((name) => name.trim().toLowerCase()).filter((name) => name !== "");
}
