import net, { type AddressInfo, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { CertificateStore } from "../certificates/store.ts";
import { HostIndex } from "../matching/hostname.ts";
import type { Random } from "../matching/weights.ts";
import type { ListenerPlan, PortPlan } from "../plan/model.ts";
import type { Trace } from "../trace.ts";
import { readHello, sniff } from "./first-bytes.ts";
import type { Shared } from "./http-exchange.ts";
import { HttpStack } from "./http-stack.ts";
import type { Limits } from "./limits.ts";
import { passThrough } from "./passthrough.ts";
import { TlsTerminator } from "./tls-terminator.ts";

/** What a port needs of the running gateway. */
export interface PortContext extends Shared {
  readonly store: CertificateStore;
  readonly limits: Limits;
  readonly random: Random;
}

/** The socket of one port of one address. */
export class PortServer {
  readonly plan: PortPlan;
  readonly #context: PortContext;
  readonly #listeners = new HostIndex<ListenerPlan>();
  readonly #terminators = new Map<ListenerPlan, TlsTerminator>();
  readonly #sockets = new Set<Socket>();
  readonly #http: HttpStack;
  readonly #server: net.Server;

  constructor(plan: PortPlan, context: PortContext) {
    this.plan = plan;
    this.#context = context;
    for (const listener of plan.listeners) this.#listeners.set(listener.hostname, listener);
    this.#http = new HttpStack(plan, this.#listeners, context, context.limits);
    const options = { noDelay: true, allowHalfOpen: true, pauseOnConnect: false };
    this.#server = net.createServer(options, (socket) => this.#accept(socket));
    this.#server.on("error", () => {});
  }

  /** Opens the socket; port 0 = any free one. Rejects with the system's error (EADDRINUSE, EACCES …). */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host, port, backlog: 1024 }, () => {
        this.#server.off("error", reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** The number of open connections. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Closes the socket and every connection at once. */
  close(): Promise<void> {
    this.#http.close();
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    if (this.plan.transport === "tls") void this.#acceptTls(socket);
    else sniff(socket, this.#context.limits.firstBytes, (beginning) => this.#acceptClear(socket, beginning));
  }

  #acceptClear(socket: Socket, beginning: "tls" | "http2" | "other"): void {
    if (beginning === "http2") this.#http.http2(socket);
    else if (beginning === "other") this.#http.http1(socket);
    else this.#refuse(socket, undefined, undefined, "a TLS handshake on a port for clear HTTP");
  }

  async #acceptTls(socket: Socket): Promise<void> {
    const hello = await readHello(socket, this.#context.limits.firstBytes);
    if (hello === undefined) {
      const why = "no TLS handshake: clear text, or an incomplete or malformed ClientHello";
      return socket.destroyed ? undefined : this.#refuse(socket, undefined, undefined, why);
    }
    const { sni } = hello;
    const listener = this.#listeners.find(sni ?? "");
    if (listener === undefined) {
      return this.#refuse(socket, undefined, sni, `no listener has the SNI ${sni ?? "(none)"}`);
    }
    if (listener.mode.type === "tls-passthrough") {
      const passed = await passThrough(socket, sni, listener.mode.routes, this.#context.backends, this.#context.random);
      if ("refused" in passed) return this.#refuse(socket, listener, sni, passed.refused, passed.target?.rule);
      return this.#trace(listener, sni, { rule: passed.target.rule, backend: passed.backend });
    }
    const refused = await this.#terminator(listener).accept(socket, sni);
    if (refused !== undefined) this.#refuse(socket, listener, sni, refused);
  }

  #terminator(listener: ListenerPlan): TlsTerminator {
    let terminator = this.#terminators.get(listener);
    if (terminator === undefined) {
      terminator = this.#createTerminator(listener);
      this.#terminators.set(listener, terminator);
    }
    return terminator;
  }

  #createTerminator(listener: ListenerPlan): TlsTerminator {
    const { mode } = listener;
    if (mode.type !== "https" && mode.type !== "tls-terminate") throw new Error(`${listener.name} does not end TLS`);
    const isHttp = mode.type === "https";
    return new TlsTerminator({
      certificates: mode.certificates,
      store: this.#context.store,
      handshakeTimeout: this.#context.limits.handshake,
      alpn: isHttp ? ["h2", "http/1.1"] : [],
      onSecure: (socket) => (isHttp ? this.#acceptHttps(socket) : void this.#acceptTerminated(socket, listener)),
    });
  }

  #acceptHttps(socket: TLSSocket): void {
    socket.on("error", () => socket.destroy());
    if (socket.alpnProtocol === "h2") this.#http.http2(socket);
    else this.#http.http1(socket);
  }

  /** TLS ended by a TLSRoute's listener: the clear bytes go to the backend. */
  async #acceptTerminated(socket: TLSSocket, listener: ListenerPlan): Promise<void> {
    if (listener.mode.type !== "tls-terminate") return;
    socket.on("error", () => socket.destroy());
    const { servername } = socket as { servername?: string | false };
    const sni = typeof servername === "string" ? servername.toLowerCase() : undefined;
    const { backends, random } = this.#context;
    const passed = await passThrough(socket, sni, listener.mode.routes, backends, random);
    if ("refused" in passed) {
      socket.destroy();
      return this.#trace(listener, sni, { rule: passed.target?.rule, status: 0, why: passed.refused });
    }
    return this.#trace(listener, sni, { rule: passed.target.rule, backend: passed.backend });
  }

  #refuse(
    socket: Socket,
    listener: ListenerPlan | undefined,
    sni: string | undefined,
    why: string,
    rule?: Trace["rule"],
  ): void {
    socket.resetAndDestroy();
    this.#trace(listener, sni, { rule, status: 0, why });
  }

  #trace(
    listener: ListenerPlan | undefined,
    sni: string | undefined,
    rest: Partial<Pick<Trace, "rule" | "backend" | "status" | "why">>,
  ): void {
    this.#context.onTrace?.({
      id: this.#context.nextId(),
      owner: this.plan.owner,
      port: this.plan.port,
      listener: listener?.name,
      scheme: "tls",
      sni,
      host: undefined,
      method: undefined,
      url: undefined,
      httpVersion: undefined,
      rule: rest.rule,
      backend: rest.backend,
      backendUrl: undefined,
      status: rest.status,
      why: rest.why,
    });
  }
}
