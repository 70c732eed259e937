import { DIFFERENCES, type Difference } from "../../test/gateway/differences/differences.ts";
import { code, table } from "./markdown.ts";

/** For each difference who says and does what, and the request that shows it. */
export function differencesText(): string {
  return DIFFERENCES.map((one) =>
    [
      `### ${one.title}`,
      `${one.specification} ([source](${one.source}))`,
      `${one.istio} ([source](${one.istioSource}))`,
      table(["request", "local gateway", "local gateway, `--virtual-hosts`", "istiod and Envoy"], [row(one)]),
    ].join("\n\n"),
  ).join("\n\n");
}

function row({ request, rehearsal, virtualHosts, envoy }: Difference): string[] {
  const { scheme, sni, host, port, path } = request;
  const usual = port === (scheme === "https" ? 443 : 80);
  const server = sni === undefined ? "" : `, server name ${sni}`;
  return [code(`GET ${scheme}://${host}${usual ? "" : `:${port}`}${path}`) + server, rehearsal, virtualHosts, envoy];
}
