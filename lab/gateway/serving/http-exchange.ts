import type { Http2ServerResponse } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { Backends } from "../backends/backends.ts";
import { type ArrivedRequest, type Decision, type Respond, respond } from "../matching/decision.ts";
import { hostOf } from "../matching/hostname.ts";
import { decideOnPort, type ListenerLookup } from "../plan/decide.ts";
import type { ListenerPlan, PortPlan } from "../plan/model.ts";
import type { Trace } from "../trace.ts";
import type { AnyRequest, AnyResponse, BackendProxy } from "./proxy.ts";

/** What all ports of a running gateway share. */
export interface Shared {
  readonly proxy: BackendProxy;
  readonly backends: Backends;
  readonly onTrace: ((trace: Trace) => void) | undefined;
  nextId(): string;
}

/** A request with what was decided about it. */
export interface Decided {
  readonly id: string;
  readonly decision: Decision;
  readonly arrived: ArrivedRequest;
  readonly url: string;
  readonly listener: ListenerPlan | undefined;
  readonly sni: string | undefined;
}

/** Finds listener and rule for a request of a port. */
export function decide(req: AnyRequest, port: PortPlan, listeners: ListenerLookup, shared: Shared): Decided {
  const { url, authority } = target(req);
  const mark = url.indexOf("?");
  const arrived: ArrivedRequest = {
    scheme: port.transport === "tls" ? "https" : "http",
    listenerPort: port.port,
    host: hostOf(authority),
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    method: req.method ?? "GET",
    headers: req.headers,
  };
  const id = shared.nextId();
  const sni = port.transport === "tls" ? sniOf(req.socket as TLSSocket) : undefined;
  return { id, arrived, url, sni, ...decideOnPort(port, listeners, arrived, sni) };
}

/** The request target, and the authority it is for; a target in absolute form says both (RFC 9112 §3.2.2). */
function target(req: AnyRequest): { url: string; authority: string | undefined } {
  const url = req.url ?? "/";
  const h2Authority = req.httpVersionMajor >= 2 ? req.headers[":authority"] : undefined;
  const authority = typeof h2Authority === "string" ? h2Authority : req.headers.host;
  const [, host, rest = ""] = url.startsWith("/") ? [] : (/^https?:\/\/([^/?#]+)(.*)$/i.exec(url) ?? []);
  if (host === undefined) return { url, authority };
  return { url: rest.startsWith("/") ? rest : `/${rest}`, authority: host };
}

/** The SNI of a connection; Node says false when there was none. */
function sniOf(socket: TLSSocket): string | undefined {
  const { servername } = socket as { servername?: string | false };
  return typeof servername === "string" && servername !== "" ? servername.toLowerCase() : undefined;
}

/** Serves one request. */
export function serveRequest(
  req: AnyRequest,
  res: AnyResponse,
  port: PortPlan,
  listeners: ListenerLookup,
  shared: Shared,
): void {
  const decided = decide(req, port, listeners, shared);
  const { decision } = decided;
  res.on("error", () => {});
  if (shared.onTrace !== undefined) traceWhenDone(req, res, port, decided, shared.onTrace);
  if (decision.type === "respond") {
    answer(req, res, decision);
    return;
  }
  const failed = (status: number, why: string) => answer(req, res, respond(status, why, decision.rule, {}, why));
  const address = shared.backends.http(decision.backend);
  if (address === undefined) {
    failed(503, "no healthy upstream");
    return;
  }
  addForwardedHeaders(req, decided);
  shared.proxy.forward(req, res, decision, address, failed);
}

/** Headers that Envoy and NGINX add for backends. */
export function addForwardedHeaders(req: AnyRequest, { id, arrived }: Decided): void {
  const { headers } = req;
  const before = headers["x-forwarded-for"];
  const client = req.socket.remoteAddress ?? "";
  headers["x-forwarded-for"] = before === undefined ? client : `${before},${client}`;
  headers["x-forwarded-proto"] ??= arrived.scheme;
  headers["x-request-id"] ??= id;
}

/** The gateway's own answer. Bodies are for GET and the like, not for HEAD. */
export function answer(req: AnyRequest, res: AnyResponse, { status, headers, body }: Respond): void {
  if (res.headersSent) return;
  const isH2 = req.httpVersionMajor >= 2;
  const all: Record<string, string> = { ...headers };
  if (body !== "") all["content-type"] ??= "text/plain";
  if (status !== 204 && status !== 304) all["content-length"] = String(Buffer.byteLength(body));
  // A body that nobody reads must not block the connection for the next request.
  if (!isH2 && !req.complete) all.connection = "close";
  res.on("finish", () => req.resume());
  (res as Http2ServerResponse).writeHead(status, all);
  res.end(req.method === "HEAD" ? "" : body);
}

function traceWhenDone(
  req: AnyRequest,
  res: AnyResponse,
  port: PortPlan,
  decided: Decided,
  onTrace: (trace: Trace) => void,
): void {
  let done = false;
  const emit = () => {
    if (done) return;
    done = true;
    onTrace(traceOf(port, decided, req.httpVersion, res.statusCode));
  };
  res.once("finish", emit).once("close", emit);
}

/** The trace of a request that was answered with `status`. */
export function traceOf(port: PortPlan, decided: Decided, httpVersion: string, status: number | undefined): Trace {
  const { id, decision, arrived, url, listener, sni } = decided;
  const forwarded = decision.type === "forward" ? decision : undefined;
  return {
    id,
    owner: port.owner,
    port: port.port,
    listener: listener?.name,
    scheme: arrived.scheme,
    sni,
    host: arrived.host,
    method: arrived.method,
    url,
    httpVersion,
    rule: decision.rule,
    backend: forwarded && `${forwarded.backend.namespace}/${forwarded.backend.service}`,
    backendUrl: forwarded?.url,
    status,
    why: decision.type === "respond" ? decision.why : undefined,
  };
}
