import type { ProbeRequest } from "../probe/model.ts";

/**
 * A line for a shell that makes the same request with curl: the names stay those of the manifests, only the connection
 * goes to the local address.
 * @param caFile the certificates to trust, for https
 */
export function curlLine(
  request: ProbeRequest,
  local: { readonly host: string; readonly port: number },
  caFile: string,
): string {
  const { scheme, host, port, path, method = "GET", headers = {}, sni, body } = request;
  const name = sni === undefined || sni === "" ? host : sni;
  const usual = port === (scheme === "https" ? 443 : 80);
  const parts = ["curl"];
  if (method === "HEAD") parts.push("--head");
  else if (method !== "GET") parts.push("-X", method);
  if (scheme === "https") parts.push("--cacert", quote(caFile));
  if (local.port !== port || local.host !== name) {
    parts.push("--connect-to", quote(`${name}:${port}:${local.host}:${local.port}`));
  }
  if (name !== host) parts.push("-H", quote(`Host: ${host}`));
  for (const [key, value] of Object.entries(headers)) parts.push("-H", quote(`${key}: ${value}`));
  if (body !== undefined) parts.push("--data", quote(body));
  parts.push(quote(`${scheme}://${name}${usual ? "" : `:${port}`}${path}`));
  return parts.join(" ");
}

function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
