import type { Answer, ProbeRequest } from "../probe/model.ts";
import { probe } from "../probe/probe.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import { findPort } from "./find-port.ts";
import type { RunningGateway } from "./serve.ts";

const MOST_REDIRECTS = 10;

/**
 * Makes a request through a running gateway, following redirects when it says so.
 * @throws VisibleError on circular redirects
 */
export async function probeThrough(gateway: RunningGateway, request: ProbeRequest): Promise<Answer> {
  const seen: string[] = [];
  let current = request;
  for (;;) {
    const answer = await once(gateway, current);
    const location = answer.headers.location;
    if (request.follow !== true || location === undefined || answer.status < 300 || answer.status > 399) return answer;
    seen.push(urlOf(current));
    const next = followed(current, location);
    if (seen.includes(urlOf(next)) || seen.length > MOST_REDIRECTS) {
      throw new VisibleError([
        `circular redirects: ${[...seen, urlOf(next)].join(" → ")}`,
        "  change the RequestRedirect filters (or ssl-redirect) so that one of them is not met again",
      ]);
    }
    current = next;
  }
}

async function once(gateway: RunningGateway, request: ProbeRequest): Promise<Answer> {
  const found = findPort(gateway, request);
  if ("refused" in found) {
    return { status: 0, headers: {}, body: "", backend: null, path: null, error: found.refused };
  }
  return probe(request, { ...found.local, trusted: gateway.trusted() });
}

function urlOf({ scheme, host, port, path }: ProbeRequest): string {
  const usual = scheme === "https" ? 443 : 80;
  return `${scheme}://${host}${port === usual ? "" : `:${port}`}${path}`;
}

/** The next request: a 303 is answered by GET, and 301 and 302 by GET when a POST led there (RFC 9110 §15.4). */
function followed(request: ProbeRequest, location: string): ProbeRequest {
  const url = new URL(location, urlOf(request));
  const scheme = url.protocol === "https:" ? "https" : "http";
  const { sni: _, ...rest } = request;
  const port = url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port);
  const method = request.method === "POST" ? "GET" : request.method;
  return { ...rest, scheme, port, host: url.hostname, path: url.pathname + url.search, ...(method ? { method } : {}) };
}
