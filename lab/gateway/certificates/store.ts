import type { SecretUse } from "../plan/model.ts";

/** A certificate as a server shows it, PEM. */
export interface ServedCertificate {
  /** Leaf first, then the intermediates. */
  readonly chain: string;
  readonly key: string;
}

/** A certificate, or why there is none: the listener then refuses connections. */
export type CertificateAnswer = ServedCertificate | { readonly refused: string };

/** Where the certificates of Secrets come from. */
export interface CertificateStore {
  /** Why a Secret can never be served ("tls.crt of Secret a/b is not PEM"); undefined when it may. Must be quick. */
  problem(use: SecretUse): string | undefined;
  /** The certificate of a Secret; `sni` is the name asked for, for stores that make certificates to measure. */
  certificate(use: SecretUse, sni: string | undefined): Promise<CertificateAnswer>;
  /** The certificates (PEM) that clients must trust to verify all that were given out so far. */
  trusted(): readonly string[];
}

export function isRefused(answer: CertificateAnswer): answer is { readonly refused: string } {
  return "refused" in answer;
}
