import type { BackendTarget } from "../matching/decision.ts";

/** Where a backend is reached. */
export interface BackendAddress {
  readonly host: string;
  readonly port: number;
  /** Headers (lower-case names) added to requests, by which one address tells several backends apart. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What stands behind Services. Answers carry {@link BACKEND_HEADER} and {@link PATH_HEADER} when it can add headers. */
export interface Backends {
  /** Where HTTP requests for a port of a Service go; undefined = nothing there. Must be quick: asked for each request. */
  http(target: BackendTarget): BackendAddress | undefined;
  /** Where connections go whose bytes are passed through (TLS with the backend's own certificate). */
  tcp(target: BackendTarget, sni: string | undefined): Promise<BackendAddress | undefined>;
  close(): Promise<void>;
}

/** Response header by which a stand-in says which Service it stands for, "namespace/name". */
export const BACKEND_HEADER = "x-backend";
/** Response header by which a stand-in says which path and query it saw. */
export const PATH_HEADER = "x-backend-path";
