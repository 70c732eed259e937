import { createHash } from "node:crypto";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import net, { type AddressInfo, type Socket } from "node:net";
import { fieldsList } from "../../manifests/fields.ts";
import { KINDS } from "../../manifests/object-index.ts";
import type { Service, Topology } from "../../topology/model.ts";
import type { CertificateStore } from "../certificates/store.ts";
import type { BackendTarget } from "../matching/decision.ts";
import type { CertificateSource, SecretUse } from "../plan/model.ts";
import { readHello, sniff } from "../serving/first-bytes.ts";
import { DEFAULT_LIMITS } from "../serving/limits.ts";
import { TlsTerminator } from "../serving/tls-terminator.ts";
import { BACKEND_HEADER, type BackendAddress, type Backends, PATH_HEADER } from "./backends.ts";
import { echoSettings } from "./echo.ts";
import { PLAIN_TO_TLS } from "./nginx.ts";
import { type Personality, type Place, personalityOf, type StandInAnswer } from "./personality.ts";
import { type PodTls, podTls } from "./pod-tls.ts";

/** Names the stand-in that a request is for; taken off before the stand-in looks. */
const STAND_IN_HEADER = "x-stand-in";
const WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

interface StandIn {
  readonly namespace: string;
  readonly service: string;
  readonly places: readonly { readonly place: Omit<Place, "turn">; readonly personality: Personality }[];
  readonly tls: PodTls | undefined;
  /** Clear HTTP is refused, because the pods speak TLS on this port and nobody tells the gateway to. */
  readonly onlyTls: boolean;
  /** Pods whose image is known to speak clear text only. */
  readonly onlyClear: boolean;
  turn: number;
}

/**
 * Small HTTP servers on loopback that answer for the pods behind Services, chosen by container image. All clear HTTP
 * goes to one socket; a Service whose bytes are passed through gets one of its own when it is first asked for.
 */
export class StandIns implements Backends {
  readonly #topology: Topology;
  readonly #services: ReadonlyMap<string, Service>;
  readonly #store: CertificateStore;
  readonly #http: http.Server;
  readonly #known = new Map<string, StandIn>();
  readonly #addresses = new Map<string, BackendAddress>();
  readonly #tcp = new Map<string, Promise<BackendAddress>>();
  readonly #servers: net.Server[] = [];
  readonly #sockets = new Set<Socket>();
  #port = 0;

  private constructor(topology: Topology, store: CertificateStore) {
    this.#topology = topology;
    this.#store = store;
    this.#services = new Map(topology.services.map((service) => [`${service.namespace}/${service.name}`, service]));
    this.#http = http.createServer({ keepAliveTimeout: 300_000, maxHeaderSize: 2 * DEFAULT_LIMITS.headerBytes });
    this.#http.on("request", (req, res) => this.#answer(req, res));
    this.#http.on("upgrade", (req, socket) => this.#upgrade(req, socket as Socket));
    this.#http.on("connection", (socket) => this.#keep(socket));
  }

  /** Starts stand-ins for all Services; certificates of pods come from `store`. */
  static async start(topology: Topology, store: CertificateStore): Promise<StandIns> {
    const standIns = new StandIns(topology, store);
    await new Promise<void>((resolve, reject) => {
      standIns.#http.once("error", reject);
      standIns.#http.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, resolve);
    });
    standIns.#port = (standIns.#http.address() as AddressInfo).port;
    return standIns;
  }

  http(target: BackendTarget): BackendAddress {
    const key = keyOf(target);
    let address = this.#addresses.get(key);
    if (address === undefined) {
      this.#standIn(key, target);
      address = { host: "127.0.0.1", port: this.#port, headers: { [STAND_IN_HEADER]: key } };
      this.#addresses.set(key, address);
    }
    return address;
  }

  tcp(target: BackendTarget): Promise<BackendAddress> {
    const key = keyOf(target);
    let address = this.#tcp.get(key);
    if (address === undefined) {
      address = this.#listenFor(this.#standIn(key, target), key);
      this.#tcp.set(key, address);
    }
    return address;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#http.closeAllConnections();
    const servers: net.Server[] = [this.#http, ...this.#servers];
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#sockets.delete(socket));
  }

  #standIn(key: string, target: BackendTarget): StandIn {
    let standIn = this.#known.get(key);
    if (standIn === undefined) {
      standIn = this.#create(target);
      this.#known.set(key, standIn);
    }
    return standIn;
  }

  #create({ namespace, service: name, port }: BackendTarget): StandIn {
    const service = this.#services.get(`${namespace}/${name}`);
    const targetPort = service?.ports.find((candidate) => candidate.port === port)?.targetPort;
    const places = (service?.workloads ?? [])
      .filter((workload) => workload.replicas > 0)
      .map((workload) => {
        const at = workload.containers
          .flatMap((container) => container.ports.map((declared) => ({ container, declared })))
          .find(({ declared }) => declared.containerPort === targetPort || declared.name === targetPort);
        const container = at?.container ?? workload.containers[0];
        const podPort = at?.declared.containerPort ?? targetPort;
        const place = { namespace, service: name, workload, container, port: Number(podPort) };
        return { place, personality: personalityOf(container) };
      });
    const [first] = places;
    const tls = first?.place.workload && podTls(first.place.workload, this.#topology);
    const speaksTls = tls?.ports.has(first?.place.port ?? 0) ?? false;
    const container = first?.place.container;
    const nowhere = { namespace, service: name, workload: undefined, container: undefined, port: undefined };
    return {
      namespace,
      service: name,
      places: places.length > 0 ? places : [{ place: nowhere, personality: personalityOf(undefined) }],
      tls: speaksTls ? tls : undefined,
      onlyTls: speaksTls && !this.#hasTlsPolicy(namespace, name),
      onlyClear: container !== undefined && echoSettings(container) !== undefined,
      turn: 0,
    };
  }

  /** Whether a BackendTLSPolicy makes gateways speak TLS to the Service. */
  #hasTlsPolicy(namespace: string, name: string): boolean {
    return this.#topology.objects.all(KINDS.backendTlsPolicy).some(({ object }) => {
      const refs = fieldsList((object.spec as { targetRefs?: unknown } | undefined)?.targetRefs);
      return object.metadata.namespace === namespace && refs.some((ref) => ref.name === name);
    });
  }

  #answer(req: IncomingMessage, res: ServerResponse, known?: StandIn): void {
    const standIn = known ?? this.#known.get(String(req.headers[STAND_IN_HEADER]));
    delete req.headers[STAND_IN_HEADER];
    // Whoever still sends a body would find the connection closed before it can read the answer.
    if (hasBody(req)) req.once("end", () => this.#answerRead(req, res, standIn, known !== undefined));
    else this.#answerRead(req, res, standIn, known !== undefined);
    req.resume();
  }

  #answerRead(req: IncomingMessage, res: ServerResponse, standIn: StandIn | undefined, isTcp: boolean): void {
    if (standIn === undefined) return void res.writeHead(404).end();
    const { status, headers, body } = !isTcp && standIn.onlyTls ? PLAIN_TO_TLS : standInAnswer(standIn, req);
    res.writeHead(status, {
      ...headers,
      "content-length": Buffer.byteLength(body),
      [BACKEND_HEADER]: `${standIn.namespace}/${standIn.service}`,
      [PATH_HEADER]: req.url ?? "/",
    });
    res.end(req.method === "HEAD" ? "" : body);
  }

  /** Accepts any WebSocket and sends back what it is sent. Frames of a client are masked, those of a server are not. */
  #upgrade(req: IncomingMessage, socket: Socket): void {
    const standIn = this.#known.get(String(req.headers[STAND_IN_HEADER]));
    const accept = createHash("sha1")
      .update(`${req.headers["sec-websocket-key"] ?? ""}${WEBSOCKET_GUID}`)
      .digest("base64");
    const head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    head.push(`Sec-WebSocket-Accept: ${accept}`, `${PATH_HEADER}: ${req.url ?? "/"}`);
    if (standIn !== undefined) head.push(`${BACKEND_HEADER}: ${standIn.namespace}/${standIn.service}`);
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    let pending = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const frame = readFrame(pending);
        if (frame === undefined) break;
        pending = pending.subarray(frame.size);
        socket.write(frame.echo);
        if (frame.closes) socket.end();
      }
    });
    socket.on("end", () => socket.end());
  }

  async #listenFor(standIn: StandIn, key: string): Promise<BackendAddress> {
    const terminator = standIn.onlyClear ? undefined : this.#terminatorFor(standIn, key);
    const inner = http.createServer((req, res) => this.#answer(req, res, standIn));
    const server = net.createServer({ noDelay: true }, (socket) => {
      this.#keep(socket);
      sniff(socket, DEFAULT_LIMITS.firstBytes, (beginning) => {
        if (beginning !== "tls" || terminator === undefined) {
          if (standIn.onlyTls) socket.end(rawAnswer(PLAIN_TO_TLS));
          else inner.emit("connection", socket);
          return;
        }
        void readHello(socket, DEFAULT_LIMITS.firstBytes).then(async (hello) => {
          const refused = hello === undefined ? "no ClientHello" : await terminator(inner).accept(socket, hello.sni);
          if (refused !== undefined) socket.destroy();
        });
      });
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, resolve));
    return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  }

  /** Ends TLS as the pod does, with the certificate it mounts; a pod nobody knows gets one for the name asked for. */
  #terminatorFor(standIn: StandIn, key: string): (inner: http.Server) => TlsTerminator {
    const use: SecretUse = standIn.tls?.secret ?? {
      namespace: standIn.namespace,
      name: `(pods of Service ${standIn.service})`,
      hostnames: [],
      declared: false,
    };
    const certificates: CertificateSource = { all: [use], secretFor: () => use };
    const made = new Map<string, TlsTerminator>();
    return (inner) => {
      const terminator =
        made.get(key) ??
        new TlsTerminator({
          certificates,
          store: this.#store,
          handshakeTimeout: DEFAULT_LIMITS.handshake,
          alpn: ["http/1.1"],
          onSecure: (socket) => inner.emit("connection", socket),
        });
      made.set(key, terminator);
      return terminator;
    };
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return (headers["content-length"] ?? "0") !== "0" || headers["transfer-encoding"] !== undefined;
}

function keyOf({ namespace, service, port }: BackendTarget): string {
  return `${namespace}/${service}:${port ?? ""}`;
}

function standInAnswer(standIn: StandIn, req: IncomingMessage): StandInAnswer {
  standIn.turn += 1;
  const chosen = standIn.places[standIn.turn % standIn.places.length] ?? standIn.places[0];
  if (chosen === undefined) return { status: 503, headers: {}, body: "" };
  const { method = "GET", url = "/", httpVersion, headers } = req;
  return chosen.personality({ method, url, httpVersion, headers }, { ...chosen.place, turn: standIn.turn });
}

function rawAnswer({ status, headers, body }: StandInAnswer): string {
  const lines = [`HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ""}`, "connection: close"];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return `${lines.join("\r\n")}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

interface Frame {
  readonly size: number;
  readonly echo: Buffer;
  readonly closes: boolean;
}

/** The first whole frame of a client, and the frame that sends it back; frames up to 64 KiB (RFC 6455 §5.2). */
function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 6) return undefined;
  const opcode = bytes[0] ?? 0;
  const short = (bytes[1] ?? 0) & 0x7f;
  const extended = short === 126 ? 2 : 0;
  if (short === 127) return { size: bytes.length, echo: Buffer.from([0x88, 0]), closes: true };
  const length = extended === 2 ? bytes.readUInt16BE(2) : short;
  const start = 2 + extended + 4;
  if (bytes.length < start + length) return undefined;
  const mask = bytes.subarray(start - 4, start);
  const payload = Buffer.from(bytes.subarray(start, start + length).map((byte, i) => byte ^ (mask[i % 4] ?? 0)));
  const isPing = (opcode & 0x0f) === 9;
  const head = Buffer.from([isPing ? 0x8a : opcode, ...bytes.subarray(1, 2 + extended)]);
  head[1] = short;
  return { size: start + length, echo: Buffer.concat([head, payload]), closes: (opcode & 0x0f) === 8 };
}
