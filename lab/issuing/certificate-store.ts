import type { CertificateAnswer, CertificateStore } from "../gateway/certificates/store.ts";
import type { CertManager, Issuing } from "./cert-manager.ts";
import { keyToPem, toPem } from "./x509.ts";

/** The part of a gateway's question about a Secret that issuing needs. */
interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The certificates of Secrets that cert-manager fills, issued along the declared chain when they are first asked for.
 * A listener whose Certificate is refused refuses connections, with the refusal as its reason.
 */
export class IssuedCertificates implements CertificateStore {
  readonly #certManager: CertManager;
  readonly #served = new Map<string, Promise<CertificateAnswer>>();
  readonly #refused = new Map<string, string>();
  readonly #trusted = new Set<string>();

  constructor(certManager: CertManager) {
    this.#certManager = certManager;
  }

  /** Issues Secrets before they are asked for, so that {@link problem} knows. */
  async prepare(secrets: readonly SecretName[]): Promise<void> {
    await Promise.all(secrets.map((secret) => this.certificate(secret)));
  }

  problem(secret: SecretName): string | undefined {
    return this.#refused.get(keyOf(secret)) ?? (this.#find(secret) === undefined ? unknown(secret) : undefined);
  }

  certificate(secret: SecretName): Promise<CertificateAnswer> {
    const key = keyOf(secret);
    let served = this.#served.get(key);
    if (served === undefined) {
      served = this.#serve(secret);
      this.#served.set(key, served);
    }
    return served;
  }

  trusted(): readonly string[] {
    return [...this.#trusted];
  }

  #find({ namespace, name }: SecretName) {
    return this.#certManager.certificateFor(namespace, name);
  }

  async #serve(secret: SecretName): Promise<CertificateAnswer> {
    const certificate = this.#find(secret);
    const issuing: Issuing =
      certificate === undefined ? { refused: unknown(secret) } : await this.#certManager.issue(certificate);
    if ("refused" in issuing) {
      this.#refused.set(keyOf(secret), issuing.refused);
      return { refused: issuing.refused };
    }
    this.#trusted.add(toPem(issuing.authority));
    return { chain: toPem(...issuing.chain), key: await keyToPem(issuing.identity.key) };
  }
}

function keyOf({ namespace, name }: SecretName): string {
  return `${namespace}/${name}`;
}

function unknown({ namespace, name }: SecretName): string {
  return `InvalidCertificateRef: no Certificate fills Secret ${namespace}/${name}`;
}
