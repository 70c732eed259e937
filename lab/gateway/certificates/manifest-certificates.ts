import { createPrivateKey, X509Certificate } from "node:crypto";
import { textMap } from "../../manifests/fields.ts";
import { formatRef, type KubeObject, refOf } from "../../manifests/object.ts";
import { KINDS, type ObjectIndex } from "../../manifests/object-index.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import type { SecretUse } from "../plan/model.ts";
import type { CertificateAnswer, CertificateStore, ServedCertificate } from "./store.ts";

/** Serves the `kubernetes.io/tls` Secrets whose data the manifests hold, and asks another store for the rest. */
export class ManifestCertificates implements CertificateStore {
  readonly #objects: ObjectIndex;
  readonly #rest: CertificateStore;
  readonly #read = new Map<string, CertificateAnswer | undefined>();
  readonly #trusted = new Set<string>();

  constructor(objects: ObjectIndex, rest: CertificateStore) {
    this.#objects = objects;
    this.#rest = rest;
  }

  problem(use: SecretUse): string | undefined {
    const answer = this.#fromManifest(use);
    if (answer === undefined) return this.#rest.problem(use);
    return "refused" in answer ? answer.refused : undefined;
  }

  async certificate(use: SecretUse, sni: string | undefined): Promise<CertificateAnswer> {
    return this.#fromManifest(use) ?? this.#rest.certificate(use, sni);
  }

  trusted(): readonly string[] {
    return [...this.#trusted, ...this.#rest.trusted()];
  }

  #fromManifest(use: SecretUse): CertificateAnswer | undefined {
    const key = `${use.namespace}/${use.name}`;
    if (this.#read.has(key)) return this.#read.get(key);
    const secret = this.#objects.get(KINDS.secret, use.namespace, use.name);
    const data = secret === undefined ? {} : secretText(secret.object);
    const { "tls.crt": chain, "tls.key": privateKey, "ca.crt": ca } = data;
    let answer: CertificateAnswer | undefined;
    if (secret !== undefined && chain !== undefined && privateKey !== undefined) {
      answer = checkPair({ chain, key: privateKey }, formatRef(refOf(secret.object)));
      // A client is given the authority beside the certificate, or the certificate's own issuer when it shows it.
      if (!("refused" in answer)) for (const pem of certificatesOf(`${ca ?? ""}\n${chain}`)) this.#trusted.add(pem);
    }
    this.#read.set(key, answer);
    return answer;
  }
}

/** The entries of a Secret as text; entries that are not known yet are left out. `stringData` wins over `data`. */
export function secretText(secret: KubeObject): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const [name, value] of Object.entries(textMap(secret.data))) {
    if (!isUnknown(value)) entries[name] = Buffer.from(value, "base64").toString("utf8");
  }
  for (const [name, value] of Object.entries(textMap(secret.stringData))) if (!isUnknown(value)) entries[name] = value;
  return entries;
}

/** The certificate with its key, or one message that says which of the two is broken. */
function checkPair(pair: ServedCertificate, name: string): CertificateAnswer {
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(pair.chain);
  } catch {
    return { refused: `InvalidCertificateRef: tls.crt of ${name} is not a PEM certificate` };
  }
  try {
    const key = createPrivateKey(pair.key);
    if (leaf.checkPrivateKey(key)) return pair;
  } catch {
    return { refused: `InvalidCertificateRef: tls.key of ${name} is not a PEM private key` };
  }
  return { refused: `InvalidCertificateRef: tls.key of ${name} is not the key of its tls.crt` };
}

function certificatesOf(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}
