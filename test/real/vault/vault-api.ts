import { request } from "node:https";

export interface VaultAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer of Vault; the tests look at what they asked for
  readonly body: any;
}

/** Vault's HTTP API over verified TLS, as Service vault-active gives it: the certificate must be good for that name. */
export class VaultApi {
  private readonly address: string;
  private readonly authority: string;
  private readonly token: string | undefined;

  constructor(address: string, authority: string, token?: string) {
    this.address = address;
    this.authority = authority;
    this.token = token;
  }

  as(token: string | undefined): VaultApi {
    return new VaultApi(this.address, this.authority, token);
  }

  get(path: string): Promise<VaultAnswer> {
    return this.send("GET", path);
  }

  post(path: string, body: unknown = {}): Promise<VaultAnswer> {
    return this.send("POST", path, body);
  }

  send(method: string, path: string, body?: unknown): Promise<VaultAnswer> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: this.address,
          port: 8200,
          servername: "vault-active.vault.svc",
          ca: this.authority,
          method,
          path: `/v1/${path}`,
          headers: { ...(this.token ? { "x-vault-token": this.token } : {}), "x-vault-request": "true" },
          timeout: 30_000,
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            resolve({ status: answer.statusCode ?? 0, body: text.startsWith("{") ? JSON.parse(text) : text });
          });
          answer.on("error", reject);
        },
      );
      sent.on("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer within 30 s`)));
      sent.on("error", reject);
      sent.end(payload);
    });
  }
}
