import { X509Certificate } from "node:crypto";
import { formatRef, refOf } from "../../manifests/object.ts";
import { KINDS, type ObjectIndex } from "../../manifests/object-index.ts";
import { secretText } from "../../manifests/secret-text.ts";
import { tlsPairProblem } from "../../manifests/tls-pair.ts";
import type { SecretUse } from "../plan/model.ts";
import type { CertificateAnswer, CertificateStore } from "./store.ts";

/** Serves the `kubernetes.io/tls` Secrets whose data the manifests hold, and asks another store for the rest. */
export class ManifestCertificates implements CertificateStore {
  readonly #objects: ObjectIndex;
  readonly #rest: CertificateStore;
  readonly #read = new Map<string, CertificateAnswer | undefined>();
  readonly #trusted = new Set<string>();

  constructor(objects: ObjectIndex, rest: CertificateStore) {
    this.#objects = objects;
    this.#rest = rest;
    // Clients are given every authority at once: they trust before they connect, and pods show Secrets of their own.
    for (const { object } of objects.all(KINDS.secret)) {
      const { "tls.crt": chain = "", "ca.crt": ca = "" } =
        object.type === "kubernetes.io/tls" ? secretText(object) : {};
      for (const pem of certificatesOf(`${ca}\n${chain}`)) this.#trusted.add(pem);
    }
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
    const entries = secret === undefined ? {} : secretText(secret.object);
    const { "tls.crt": chain, "tls.key": privateKey } = entries;
    let answer: CertificateAnswer | undefined;
    if (secret !== undefined && chain !== undefined && privateKey !== undefined) {
      const problem = tlsPairProblem(secret.object, entries);
      const name = formatRef(refOf(secret.object));
      answer =
        problem === undefined
          ? { chain, key: privateKey }
          : { refused: `InvalidCertificateRef: ${problem.key} of ${name} ${problem.what}` };
    }
    this.#read.set(key, answer);
    return answer;
  }
}

/** The certificates in a text, those left out that cannot be read: one of them would spoil the whole list of trust. */
function certificatesOf(pem: string): string[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.filter((block) => {
    try {
      return new X509Certificate(block).serialNumber !== "";
    } catch {
      return false;
    }
  });
}
