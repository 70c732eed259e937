import http, { type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import http2 from "node:http2";
import net from "node:net";
import tls, { type PeerCertificate, type TLSSocket } from "node:tls";
import { BACKEND_HEADER, PATH_HEADER } from "../gateway/backends/backends.ts";
import { probeError } from "./errors.ts";
import type { Answer, ChainLink, ProbeRequest, Via } from "./model.ts";

/** Bodies are kept up to this many bytes. */
const BODY_LIMIT = 1024 * 1024;

/**
 * Makes one request as a careful client: TLS with the request's server name, the chain verified against the given
 * certificates alone and the name against the certificate. Never throws: a failure is an answer with status 0.
 */
export async function probe(request: ProbeRequest, via: Via): Promise<Answer> {
  const { timeout = 10_000 } = via;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error(`no answer within ${timeout / 1000} s`)), timeout);
  try {
    if (request.scheme === "http") return await viaHttp1(request, await connectClear(via, abort.signal), abort.signal);
    const socket = await connectTls(request, via, abort.signal);
    const chain = chainOf(socket);
    const answer =
      request.http === "2"
        ? await viaHttp2(request, socket, abort.signal)
        : await viaHttp1(request, socket, abort.signal);
    return { ...answer, chain };
  } catch (error) {
    return { status: 0, headers: {}, body: "", backend: null, path: null, error: probeError(error, request) };
  } finally {
    clearTimeout(timer);
  }
}

function connectClear(via: Via, signal: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: via.host, port: via.port, noDelay: true });
    endWith(socket, signal);
    socket.once("connect", () => resolve(socket)).once("error", reject);
  });
}

function connectTls(request: ProbeRequest, via: Via, signal: AbortSignal): Promise<TLSSocket> {
  const name = request.sni ?? withoutPort(request.host);
  const sendName = name !== "" && net.isIP(name) === 0;
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host: via.host,
      port: via.port,
      ...(sendName ? { servername: name } : {}),
      ca: [...via.trusted],
      ALPNProtocols: request.http === "2" ? ["h2"] : ["http/1.1"],
      // The name to verify is the one asked for, not the loopback address connected to.
      checkServerIdentity: (_, certificate) => tls.checkServerIdentity(name || withoutPort(request.host), certificate),
    });
    endWith(socket, signal);
    socket.once("secureConnect", () => resolve(socket)).once("error", reject);
    socket.once("close", () => reject(new Error("the connection was closed during the TLS handshake")));
  });
}

function endWith(socket: net.Socket, signal: AbortSignal): void {
  const end = () => socket.destroy(signal.reason instanceof Error ? signal.reason : undefined);
  signal.addEventListener("abort", end, { once: true });
  socket.once("close", () => signal.removeEventListener("abort", end));
}

function viaHttp1(request: ProbeRequest, socket: net.Socket, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = http.request({
      createConnection: () => socket,
      method: request.method ?? "GET",
      path: request.path,
      setHost: false,
      signal,
      headers: { host: hostHeader(request), connection: "close", ...request.headers },
    });
    req.once("error", reject);
    req.once("response", (res) => void collect(res).then((body) => resolve(answerOf(res, res.headers, body)), reject));
    req.once("upgrade", (res, upgraded) => {
      upgraded.destroy();
      resolve(answerOf(res, res.headers, ""));
    });
    req.end(request.body);
  });
}

function viaHttp2(request: ProbeRequest, socket: TLSSocket, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(`https://${hostHeader(request)}`, { createConnection: () => socket });
    session.once("error", reject);
    const stream = session.request(
      {
        ":method": request.method ?? "GET",
        ":path": request.path,
        ":authority": hostHeader(request),
        ...request.headers,
      },
      { signal },
    );
    let head: IncomingHttpHeaders & { ":status"?: number } = {};
    const chunks: Buffer[] = [];
    stream.once("response", (headers) => {
      head = headers;
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.once("error", reject);
    stream.once("end", () => {
      session.close();
      resolve(answerOf({ statusCode: head[":status"] }, head, Buffer.concat(chunks).toString("utf8")));
    });
    stream.end(request.body);
  });
}

/** The port is part of the Host unless it is the scheme's own, as clients write it. */
function hostHeader({ scheme, host, port }: ProbeRequest): string {
  const usual = scheme === "https" ? 443 : 80;
  return port === usual || /:\d+$/.test(host) ? host : `${host}:${port}`;
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, "");
}

async function collect(res: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of res as AsyncIterable<Buffer>) {
    size += chunk.length;
    chunks.push(chunk);
    if (size > BODY_LIMIT) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

function answerOf(res: { statusCode?: number | undefined }, headers: IncomingHttpHeaders, body: string): Answer {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name === BACKEND_HEADER || name === PATH_HEADER || name.startsWith(":") || value === undefined) continue;
    shown[name] = typeof value === "string" ? value : [value].flat().join(", ");
  }
  const text = (name: string) => (typeof headers[name] === "string" ? headers[name] : null);
  return { status: res.statusCode ?? 0, headers: shown, body, backend: text(BACKEND_HEADER), path: text(PATH_HEADER) };
}

function chainOf(socket: TLSSocket): ChainLink[] {
  const chain: ChainLink[] = [];
  let at: PeerCertificate | undefined = socket.getPeerCertificate(true);
  const seen = new Set<string>();
  while (at !== undefined && at.fingerprint256 !== undefined && !seen.has(at.fingerprint256)) {
    seen.add(at.fingerprint256);
    const { subject, issuer, serialNumber, valid_to: validTo } = at;
    chain.push({ subject: nameOf(subject), issuer: nameOf(issuer), serialNumber, validTo });
    at = "issuerCertificate" in at ? (at.issuerCertificate as PeerCertificate) : undefined;
  }
  return chain;
}

function nameOf(name: PeerCertificate["subject"]): string {
  return [name.CN ?? name.O ?? ""].flat().join(", ");
}
