/** A request to make, in the words of the manifests. */
export interface ProbeRequest {
  readonly scheme: "http" | "https";
  /** The listener's port in the manifests. */
  readonly port: number;
  /** The Host; also the SNI unless `sni` is given. */
  readonly host: string;
  /** The server name of the TLS handshake, when it is to differ from the host; "" = none. */
  readonly sni?: string;
  /** Path and query. @default "/" */
  readonly path: string;
  /** @default "GET" */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** "namespace/name" of the Gateway, when several share the port; "ingress" = the Ingress controller. */
  readonly gateway?: string;
  /** HTTP version over TLS. @default "1.1" */
  readonly http?: "1.1" | "2";
  /** Follow redirects. @default false */
  readonly follow?: boolean;
  readonly expect?: Expectation;
}

/** What an answer should be; only what is given is compared. */
export interface Expectation {
  /** 0 = the connection is refused. */
  readonly status?: number;
  /** The whole body, white space at its ends aside. */
  readonly body?: string;
  /** A part of the body. */
  readonly contains?: string;
  /** "namespace/name", null = no backend answered. */
  readonly backend?: string | null;
  /** The Location header. */
  readonly redirectTo?: string;
  /** The path as the backend saw it; the query is compared when the expectation has one. */
  readonly path?: string | null;
  readonly headers?: Readonly<Record<string, string | null>>;
  /** The connection is refused or the certificate does not verify. */
  readonly refused?: boolean;
}

/** What came back. */
export interface Answer {
  /** 0 when TLS or the connection was refused. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** "namespace/name" of the Service that answered; null when none did, or it does not tell. */
  readonly backend: string | null;
  /** Path and query as the backend saw them; null when none did, or it does not tell. */
  readonly path: string | null;
  /** Why the connection failed. */
  readonly error?: string;
  /** The subject of the verified certificate chain, leaf first; absent for clear HTTP. */
  readonly chain?: readonly ChainLink[];
}

export interface ChainLink {
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly validTo: string;
}

/** How a request reaches its listener. */
export interface Via {
  readonly host: string;
  readonly port: number;
  /** Certificates (PEM) to trust; nothing else is trusted. */
  readonly trusted: readonly string[];
  /** Milliseconds for the whole exchange. @default 10 000 */
  readonly timeout?: number;
}
