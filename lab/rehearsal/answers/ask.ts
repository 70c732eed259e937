import { curlLine } from "../../gateway/curl.ts";
import { findPort } from "../../gateway/find-port.ts";
import { probeThrough } from "../../gateway/probing.ts";
import type { RunningGateway } from "../../gateway/serve.ts";
import { differences } from "../../probe/expectation.ts";
import type { Answer, Expectation, ProbeRequest } from "../../probe/model.ts";
import type { Outcome } from "./outcome.ts";
import type { PromisedRequest } from "./requests.ts";

/** Makes a promised request through the running gateway. `caFile` is only for the curl line. */
export async function ask(
  gateway: RunningGateway,
  { app, request }: PromisedRequest,
  caFile: string,
): Promise<Outcome> {
  const answer = await probeThrough(gateway, request);
  const found = differences(request.expect, answer);
  const port = findPort(gateway, request);
  const usual = request.scheme === "https" ? 443 : 80;
  const authority =
    request.port === usual || request.host.includes(":") ? request.host : `${request.host}:${request.port}`;
  const through = request.gateway === "ingress" ? "the Ingress controller" : `Gateway ${request.gateway}`;
  return {
    app,
    asked: `${request.method ?? "GET"} ${request.scheme}://${authority}${request.path}`,
    expected: expectedText(request.expect),
    got:
      found.length === 0
        ? gotText(request.expect, answer)
        : found.map(({ field, got }) => `${field}: ${got}`).join(", "),
    ok: found.length === 0,
    decidedBy: "request",
    how: `a real request through ${through}${chainText(answer)}`,
    request: {
      method: request.method ?? "GET",
      url: `${request.scheme}://${authority}${request.path}`,
      ...(request.headers === undefined ? {} : { headers: request.headers }),
      ...(request.sni === undefined ? {} : { sni: request.sni }),
      ...(request.gateway === undefined || request.gateway === "ingress" ? {} : { gateway: request.gateway }),
      ...(request.host.includes(":") ? { port: request.port } : {}),
    },
    ...("refused" in port ? {} : { curl: curlLine(asTyped(request), port.local, caFile) }),
  };
}

/** A Host with a port of its own (as with `kubectl port-forward`) is what a client types into the URL. */
function asTyped(request: ProbeRequest): ProbeRequest {
  const [, host, port] = /^(.+):(\d+)$/.exec(request.host) ?? [];
  return host === undefined ? request : { ...request, host, port: Number(port) };
}

function expectedText({ refused, status, body, contains, redirectTo }: Expectation): string {
  if (refused === true) return "refused";
  return [
    status === undefined || (status === 200 && (body ?? contains) !== undefined) ? undefined : String(status),
    body,
    contains === undefined ? undefined : `… ${contains} …`,
    redirectTo === undefined ? undefined : `→ ${redirectTo}`,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}

/** The part of an answer that was asked about. */
function gotText({ body, contains }: Expectation, answer: Answer): string {
  if (answer.status === 0) return "refused";
  const { location } = answer.headers;
  if (location !== undefined) return `${answer.status} → ${location}`;
  const from = answer.backend === null ? "" : ` from ${answer.backend}`;
  if (body !== undefined) return `${answer.status} ${answer.body.trim()}`;
  return contains === undefined ? `${answer.status}${from}` : `${answer.status} … ${contains} …`;
}

function chainText({ chain = [] }: Answer): string {
  const [leaf] = chain;
  return leaf === undefined ? "" : `, certificate ${leaf.subject || "without a common name"} signed by ${leaf.issuer}`;
}
