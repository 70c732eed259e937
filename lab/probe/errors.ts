import type { ProbeRequest } from "./model.ts";

/** Node's error codes in words that say what failed and where to look. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused: nothing listens there",
  ECONNRESET: "connection reset: the gateway has nothing for this server name, or the port speaks something else",
  EPIPE: "connection reset while the request was sent",
  CERT_HAS_EXPIRED: "the certificate has expired",
  CERT_NOT_YET_VALID: "the certificate is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed by nobody who is trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "the certificate's authority is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate's authority is not known",
  UNABLE_TO_GET_ISSUER_CERT: "the certificate's authority is not known",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the certificate's authority is not known",
  ERR_SSL_WRONG_VERSION_NUMBER: "the other end does not speak TLS",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "the other end does not speak TLS",
  ERR_SSL_NO_APPLICATION_PROTOCOL: "the other end does not speak this version of HTTP",
  ETIMEDOUT: "connection timed out",
};

/** One line for a failed probe. */
export function probeError(error: unknown, request: ProbeRequest): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = /.*altnames: (.*)$/s.exec(error.message)?.[1]?.replaceAll("DNS:", "") ?? "other names";
    return `the certificate is for ${names}, not for ${request.sni ?? request.host}`;
  }
  const words = WORDS[code];
  if (words !== undefined) return `${words} (${code})`;
  if (error.message === "socket hang up") return "the connection was closed without an answer";
  return error.message;
}
