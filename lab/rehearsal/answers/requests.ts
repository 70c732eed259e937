import { type Fields, fields, fieldsList, text, textMap } from "../../manifests/fields.ts";
import type { Expectation, ProbeRequest } from "../../probe/model.ts";

/** A request that the stack promises an answer to. */
export interface PromisedRequest {
  readonly app: string;
  readonly request: ProbeRequest & { readonly expect: Expectation };
}

/**
 * The requests behind the stack's `endpoints` output, the same that verify makes: each through its own Gateway, or the
 * Ingress controller; where `kubectl port-forward` would be used, to the port that it forwards to.
 */
export function promisedRequests(outputs: Fields): PromisedRequest[] {
  return fieldsList(outputs.endpoints).flatMap((endpoint) => {
    const url = text(endpoint.url);
    if (url === undefined) return [];
    const expect = fields(endpoint.expect);
    const sni = text(expect.sni);
    const method = text(expect.method);
    const headers = textMap(expect.headers);
    const request: PromisedRequest["request"] = {
      ...addressOf(new URL(url), fields(endpoint.portForward)),
      gateway: text(endpoint.gateway) ?? "ingress",
      ...(sni === undefined ? {} : { sni }),
      ...(method === undefined ? {} : { method }),
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
      expect: expectation(expect),
    };
    return [{ app: text(endpoint.app) ?? "", request }];
  });
}

function addressOf(url: URL, forward: Fields): Pick<ProbeRequest, "scheme" | "port" | "host" | "path"> {
  const scheme = url.protocol === "https:" ? "https" : "http";
  const path = url.pathname + url.search;
  // Clients put a port that is not the scheme's own into the Host header.
  if (typeof forward.port === "number") return { scheme, port: forward.port, host: url.host, path };
  const port = url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port);
  return { scheme, port, host: url.hostname, path };
}

/** An answer's words, and the 200 that goes without saying. */
function expectation(expect: Fields): Expectation {
  if (expect.refused === true) return { refused: true };
  const status = typeof expect.status === "number" ? expect.status : expect.redirectTo === undefined ? 200 : undefined;
  const { body, contains, redirectTo } = expect;
  return {
    ...(status === undefined ? {} : { status }),
    ...(typeof body === "string" ? { body } : {}),
    ...(typeof contains === "string" ? { contains } : {}),
    ...(typeof redirectTo === "string" ? { redirectTo } : {}),
  };
}
