import { hkdfSync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import type { EncryptionConfig } from "../../../config/schema.ts";
import type { WantedKey } from "./key-ring.ts";

/**
 * A key for encryption at rest: made once, kept in Pulumi's state as a secret and nowhere else in clear but on the host
 * and the node that need it. Another name (learn:encryption.key) makes another key; the old one stays in the state until
 * the update that replaces it has succeeded, because Pulumi deletes last.
 */
export class EncryptionKey extends pulumi.ComponentResource {
  /** The {@link WantedKey} as JSON, a secret; goes to standard input only. */
  readonly wanted: pulumi.Output<string>;

  /** @param allowed resolves when the program may make something */
  constructor(
    name: string,
    config: EncryptionConfig,
    allowed: Promise<unknown>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("learn:cluster:EncryptionKey", name, {}, opts);
    const algorithm = allowed.then(() => "ED25519");
    const source = new PrivateKey(`${name}-${config.key}`, { algorithm }, { parent: this });
    this.wanted = pulumi.secret(source.privateKeyPem.apply((pem) => JSON.stringify(wantedKeyOf(pem, config))));
    this.registerOutputs({});
  }
}

/** 32 bytes derived from a private key by HKDF-SHA256 (RFC 5869), so that no further provider is needed for randomness. */
export function wantedKeyOf(privateKeyPem: string, { provider, key, resources }: EncryptionConfig): WantedKey {
  const secret = hkdfSync("sha256", privateKeyPem, "", `encryption at rest, ${provider} ${key}`, 32);
  return { key: { provider, name: key, secret: Buffer.from(secret).toString("base64") }, resources };
}
