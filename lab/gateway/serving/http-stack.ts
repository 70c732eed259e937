import http, { type IncomingMessage, ServerResponse } from "node:http";
import http2, { type Http2Server } from "node:http2";
import type { Socket } from "node:net";
import type { ListenerLookup } from "../plan/decide.ts";
import type { PortPlan } from "../plan/model.ts";
import { addForwardedHeaders, answer, decide, type Shared, serveRequest, traceOf } from "./http-exchange.ts";
import type { Limits } from "./limits.ts";

/** HTTP/1.1 and HTTP/2 for connections of one port that are accepted, and whose TLS is ended, elsewhere. */
export class HttpStack {
  readonly #http1: http.Server;
  readonly #http2: Http2Server;

  constructor(port: PortPlan, listeners: ListenerLookup, shared: Shared, limits: Limits) {
    this.#http1 = http.createServer({
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headers,
      requestTimeout: limits.request,
      keepAliveTimeout: limits.idle,
      connectionsCheckingInterval: Math.min(limits.headers, 1000),
    });
    this.#http1.on("request", (req, res) => serveRequest(req, res, port, listeners, shared));
    this.#http1.on("upgrade", (req, socket, head) => {
      serveUpgrade(req, socket as Socket, head, port, listeners, shared);
    });
    // Timeouts of headers are watched from the moment a server listens; this one is handed its connections.
    this.#http1.emit("listening");
    this.#http2 = http2.createServer({
      maxSessionMemory: 16,
      settings: { maxConcurrentStreams: 250, maxHeaderListSize: limits.headerBytes },
    });
    this.#http2.on("request", (req, res) => {
      if (headerBytes(req.rawHeaders) > limits.headerBytes) return res.writeHead(431).end();
      return serveRequest(req, res, port, listeners, shared);
    });
    this.#http2.on("session", (session) => {
      session.setTimeout(limits.idle, () => session.close());
      session.on("error", () => session.destroy());
    });
    this.#http2.on("sessionError", () => {});
  }

  /** Takes a connection that speaks HTTP/1.x. */
  http1(socket: Socket): void {
    this.#http1.emit("connection", socket);
  }

  /** Takes a connection that speaks HTTP/2. */
  http2(socket: Socket): void {
    this.#http2.emit("connection", socket);
  }

  close(): void {
    this.#http1.close();
    this.#http1.closeAllConnections();
  }
}

function headerBytes(rawHeaders: readonly string[]): number {
  let bytes = 0;
  for (const part of rawHeaders) bytes += part.length;
  return bytes;
}

/**
 * WebSockets are passed on; any other upgrade is declined by answering the request as it stands ("a server MAY ignore
 * a received Upgrade header field", RFC 9110 §7.8).
 */
function serveUpgrade(
  req: IncomingMessage,
  socket: Socket,
  head: Buffer,
  port: PortPlan,
  listeners: ListenerLookup,
  shared: Shared,
): void {
  socket.on("error", () => socket.destroy());
  const respondWith = () => {
    const res = new ServerResponse(req);
    res.shouldKeepAlive = false;
    res.assignSocket(socket);
    res.on("finish", () => socket.end());
    return res;
  };
  if (req.headers.upgrade?.toLowerCase() !== "websocket") {
    delete req.headers.upgrade;
    delete req.headers["http2-settings"];
    req.headers.connection = "close";
    serveRequest(req, respondWith(), port, listeners, shared);
    return;
  }
  const decided = decide(req, port, listeners, shared);
  const { decision } = decided;
  const traced = (status: number) => shared.onTrace?.(traceOf(port, decided, req.httpVersion, status));
  if (decision.type === "respond") {
    answer(req, respondWith(), decision);
    traced(decision.status);
    return;
  }
  const address = shared.backends.http(decision.backend);
  if (address === undefined) {
    socket.end("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    traced(503);
    return;
  }
  addForwardedHeaders(req, decided);
  shared.proxy.upgrade(req, socket, head, decision, address, () => {
    if (socket.writable) socket.end("HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n");
  });
  traced(101);
}
