import type { CertificateAnswer, CertificateStore } from "../../../lab/gateway/certificates/store.ts";
import { fieldsAt, text } from "../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import { type SignedCertificate, signedFor, vaultCertificates } from "./cert-manager.ts";
import type { Story } from "./story.ts";

interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

/** The Secrets of a stack's Certificates as its real Vault has signed them. */
export class SignedSecrets implements CertificateStore {
  private readonly signed = new Map<string, SignedCertificate>();

  /** Asks Vault once for every Certificate of the stack, as cert-manager would. */
  static async of(story: Story): Promise<SignedSecrets> {
    const secrets = new SignedSecrets();
    for (const { object, issuer } of vaultCertificates(story)) {
      const name = text(fieldsAt(object.spec).secretName) ?? "";
      const key = `${object.metadata.namespace ?? "default"}/${name}`;
      secrets.signed.set(key, await signedFor(story, object, issuer));
    }
    return secrets;
  }

  problem(secret: SecretName): string | undefined {
    return this.signed.has(keyOf(secret)) ? undefined : `Vault has signed nothing for Secret ${keyOf(secret)}`;
  }

  async certificate(secret: SecretName): Promise<CertificateAnswer> {
    const signed = this.signed.get(keyOf(secret));
    if (signed === undefined) return { refused: this.problem(secret) ?? "" };
    return { chain: chainOf(signed), key: signed.key };
  }

  /** The roots that the program exports, nothing else. */
  trusted(): readonly string[] {
    return [...new Set([...this.signed.values()].map(({ root }) => root))];
  }

  /** As cert-manager fills them. */
  objects(): KubeObject[] {
    return [...this.signed].map(([key, signed]) => {
      const [namespace = "", name = ""] = key.split("/");
      return {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, namespace },
        type: "kubernetes.io/tls",
        stringData: { "ca.crt": signed.root, "tls.crt": chainOf(signed), "tls.key": signed.key },
      };
    });
  }
}

const keyOf = ({ namespace, name }: SecretName): string => `${namespace}/${name}`;

function chainOf({ leaf, between }: SignedCertificate): string {
  return [leaf, ...between].map((pem) => `${pem.trim()}\n`).join("");
}
