/** What a client may cost. Times in milliseconds. */
export interface Limits {
  /** Until the first bytes, or the whole ClientHello, of a connection. */
  readonly firstBytes: number;
  /** Until a TLS handshake is done. */
  readonly handshake: number;
  /** Until a request's headers are complete: 408 after that. */
  readonly headers: number;
  /** Until a whole request is received. */
  readonly request: number;
  /** Between requests of one connection. */
  readonly idle: number;
  /** Bytes of a request's headers: 431 above. Envoy's default. */
  readonly headerBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  firstBytes: 10_000,
  handshake: 10_000,
  headers: 10_000,
  request: 300_000,
  idle: 60_000,
  headerBytes: 60 * 1024,
};
