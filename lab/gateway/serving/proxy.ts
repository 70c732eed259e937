import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Socket } from "node:net";
import { createProxyServer } from "httpxy";
import type { BackendAddress } from "../backends/backends.ts";
import { corsHeaders } from "../matching/cors.ts";
import type { Forward } from "../matching/decision.ts";
import { modifyHeaders } from "../matching/filters.ts";

export type AnyRequest = IncomingMessage | Http2ServerRequest;
export type AnyResponse = ServerResponse | Http2ServerResponse;

/** A request on its way, kept by the request object. */
interface Exchange {
  readonly forward: Forward;
  readonly origin: string | undefined;
  upstream: ClientRequest | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** Headers of the connection to the backend that say nothing about the client's (RFC 9110 §7.6.1); HTTP/2 forbids them. */
const KEEP_ALIVE = ["keep-alive"] as const;
const HOP_BY_HOP = ["keep-alive", "connection", "proxy-connection", "transfer-encoding", "upgrade"] as const;

/** Sends requests to backends over kept-alive connections, with httpxy. */
export class BackendProxy {
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1024, maxFreeSockets: 256 });
  readonly #proxy = createProxyServer({ agent: this.#agent, ws: true });
  readonly #exchanges = new WeakMap<object, Exchange>();

  constructor() {
    this.#proxy.on("proxyReq", (upstream, req) => {
      const exchange = this.#exchanges.get(req);
      if (exchange !== undefined) exchange.upstream = upstream;
      // A backend may answer before the body comes, so the headers must not wait for it.
      if (req.headers["transfer-encoding"] !== undefined) upstream.flushHeaders();
    });
    this.#proxy.on("proxyRes", (upstream, req) => {
      const exchange = this.#exchanges.get(req);
      if (exchange === undefined) return;
      clearTimeout(exchange.timer);
      const { forward, origin } = exchange;
      for (const name of req.httpVersionMajor >= 2 ? HOP_BY_HOP : KEEP_ALIVE) delete upstream.headers[name];
      for (const modifier of forward.responseModifiers) modifyHeaders(upstream.headers, modifier);
      if (forward.cors !== undefined) Object.assign(upstream.headers, corsHeaders(forward.cors, { origin }));
    });
  }

  /** Forwards one request; `failed` answers when the backend cannot be reached (502/503) or is too slow (504). */
  forward(
    req: AnyRequest,
    res: AnyResponse,
    forward: Forward,
    to: BackendAddress,
    failed: (status: number, why: string) => void,
  ): void {
    const exchange: Exchange = { forward, origin: req.headers.origin, upstream: undefined, timer: undefined };
    this.#exchanges.set(req, exchange);
    const options = this.#prepare(req, forward, to);
    if (forward.timeout !== undefined) {
      exchange.timer = setTimeout(() => {
        if (!res.headersSent) failed(504, "upstream request timeout");
        exchange.upstream?.destroy();
      }, forward.timeout);
      res.once("close", () => clearTimeout(exchange.timer));
    }
    this.#proxy.web(req as IncomingMessage, res as ServerResponse, options).catch((error: Error) => {
      clearTimeout(exchange.timer);
      if (!res.headersSent && !res.writableEnded) failed(503, `upstream connect error: ${error.message}`);
      else res.destroy();
    });
  }

  /** Forwards a WebSocket upgrade; bytes flow both ways afterwards. */
  upgrade(
    req: IncomingMessage,
    socket: Socket,
    head: Buffer,
    forward: Forward,
    to: BackendAddress,
    failed: () => void,
  ): void {
    this.#proxy.ws(req, socket, this.#prepare(req, forward, to), head).catch(failed);
  }

  close(): void {
    this.#agent.destroy();
  }

  #prepare(req: AnyRequest, forward: Forward, to: BackendAddress) {
    req.url = forward.url;
    const headers: Record<string, string | string[] | undefined> = req.headers;
    for (const modifier of forward.requestModifiers) modifyHeaders(headers, modifier);
    if (to.headers !== undefined) Object.assign(headers, to.headers);
    const target = { protocol: "http:", host: to.host, port: to.port };
    // With HTTP/2 the Host comes from :authority, so a changed one is given apart.
    return forward.host === undefined
      ? { target, agent: this.#agent }
      : { target, agent: this.#agent, headers: { host: forward.host } };
  }
}
