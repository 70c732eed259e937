import type { Socket } from "node:net";
import tls, { type TLSSocket } from "node:tls";
import { type CertificateStore, isRefused, type ServedCertificate } from "../certificates/store.ts";
import type { CertificateSource, SecretUse } from "../plan/model.ts";

/** The Secret that stands for the certificate which an Ingress controller shows when it has none for a name. */
const FAKE: SecretUse = {
  namespace: "ingress-nginx",
  name: "fake-certificate",
  hostnames: ["ingress.local"],
  declared: true,
};

/** How a listener ends TLS. */
export interface TerminatorOptions {
  readonly certificates: CertificateSource;
  readonly store: CertificateStore;
  /** Milliseconds for the handshake. */
  readonly handshakeTimeout: number;
  /** Protocols offered by ALPN; [] = none, for anything but HTTP. */
  readonly alpn: readonly string[];
  readonly onSecure: (socket: TLSSocket) => void;
}

type Refused = { readonly refused: string };

/** Names are chosen by clients: what was found out for each is kept, but not without end. */
const NAMES_KEPT = 1000;

/** Ends TLS for one listener, with the certificate for the name that the client asked for. */
export class TlsTerminator {
  readonly #options: TerminatorOptions;
  readonly #byName = new Map<string, Promise<tls.Server | Refused>>();
  readonly #byCertificate = new Map<string, tls.Server>();

  constructor(options: TerminatorOptions) {
    this.#options = options;
  }

  /** Takes a connection whose ClientHello was put back. Resolves to why there is no certificate, or undefined. */
  async accept(socket: Socket, sni: string | undefined): Promise<string | undefined> {
    const name = sni ?? "";
    let found = this.#byName.get(name);
    if (found === undefined) {
      if (this.#byName.size >= NAMES_KEPT) this.#byName.clear();
      found = this.#serverFor(sni);
      this.#byName.set(name, found);
    }
    const server = await found;
    if ("refused" in server) return server.refused;
    if (!socket.destroyed) server.emit("connection", socket);
    return undefined;
  }

  async #serverFor(sni: string | undefined): Promise<tls.Server | Refused> {
    const { certificates, store } = this.#options;
    const use = certificates.secretFor(sni) ?? FAKE;
    try {
      const certificate = await store.certificate(use, sni);
      if (isRefused(certificate)) return certificate;
      const known = this.#byCertificate.get(certificate.chain);
      if (known !== undefined) return known;
      if (this.#byCertificate.size >= NAMES_KEPT) this.#byCertificate.clear();
      const server = this.#create(certificate);
      this.#byCertificate.set(certificate.chain, server);
      return server;
    } catch (error) {
      return { refused: `the certificate of Secret ${use.namespace}/${use.name} cannot be used: ${String(error)}` };
    }
  }

  /** A TLS server that never listens: connections are handed to it. */
  #create({ chain, key }: ServedCertificate): tls.Server {
    const { handshakeTimeout, alpn, onSecure } = this.#options;
    const protocols = alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {};
    const server = tls.createServer({ cert: chain, key, handshakeTimeout, ...protocols });
    server.on("secureConnection", onSecure);
    server.on("tlsClientError", (_, socket) => socket.destroy());
    return server;
  }
}
