import type { CertificateAnswer, CertificateStore } from "../../../lab/gateway/certificates/store.ts";
import { fieldsAt, fieldsList, text } from "../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import { secretText } from "../../../lab/manifests/secret-text.ts";
import type { Certificate } from "../../../lab/topology/model.ts";
import type { ApiClient } from "../cluster/api-client.ts";
import { eventually } from "../lab/wait.ts";

interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

/** The Secrets of Certificates as cert-manager's controllers have filled them. */
export class FilledSecrets implements CertificateStore {
  readonly #secrets: ReadonlyMap<string, Readonly<Record<string, string>>>;

  private constructor(secrets: ReadonlyMap<string, Readonly<Record<string, string>>>) {
    this.#secrets = secrets;
  }

  /** Waits until every Certificate is Ready; what cert-manager says of one that is not is in the error. */
  static async of(client: ApiClient, certificates: readonly Certificate[]): Promise<FilledSecrets> {
    const secrets = new Map<string, Readonly<Record<string, string>>>();
    for (const certificate of certificates) {
      const { namespace, secretName } = certificate;
      await untilReady(client, certificate);
      const secret: KubeObject = (await client.get("v1", "Secret", namespace, secretName)).body;
      secrets.set(`${namespace}/${secretName}`, secretText(secret));
    }
    return new FilledSecrets(secrets);
  }

  /** What stands in a Secret, by key. */
  data({ namespace, name }: SecretName): Readonly<Record<string, string>> {
    return this.#secrets.get(`${namespace}/${name}`) ?? {};
  }

  problem(secret: SecretName): string | undefined {
    const { "tls.crt": chain } = this.data(secret);
    return chain === undefined ? `cert-manager fills no Secret ${secret.namespace}/${secret.name}` : undefined;
  }

  async certificate(secret: SecretName): Promise<CertificateAnswer> {
    const { "tls.crt": chain, "tls.key": key } = this.data(secret);
    return chain === undefined || key === undefined ? { refused: this.problem(secret) ?? "" } : { chain, key };
  }

  /** The authorities that cert-manager wrote beside the certificates, nothing else. */
  trusted(): readonly string[] {
    return [...new Set([...this.#secrets.values()].flatMap(({ "ca.crt": authority }) => authority ?? []))];
  }
}

async function untilReady(client: ApiClient, { namespace, name }: Certificate): Promise<void> {
  await eventually(`Certificate ${namespace}/${name} to be Ready`, 60, async () => {
    const { body } = await client.get("cert-manager.io/v1", "Certificate", namespace, name);
    const ready = fieldsList(fieldsAt(body.status).conditions).find(({ type }) => type === "Ready");
    if (ready?.status !== "True")
      throw new Error(`${text(ready?.message) ?? "no status"}${await requestsOf(client, namespace)}`);
    return true;
  });
}

/** What the CertificateRequests of a namespace say that failed or wait: a Certificate tells only that it waits for them. */
async function requestsOf(client: ApiClient, namespace: string): Promise<string> {
  const { body } = await client.list("cert-manager.io/v1", "CertificateRequest", namespace);
  const items: KubeObject[] = body.items ?? [];
  return items
    .flatMap(({ metadata, status }) =>
      fieldsList(fieldsAt(status).conditions)
        .filter(({ type, status: met }) => type === "Ready" && met !== "True")
        .map(({ message }) => `; ${metadata.name}: ${text(message)}`),
    )
    .join("");
}
