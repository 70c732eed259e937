import { type output, z } from "../../../config/zod.ts";
import { withoutOverlap } from "./resources.ts";

/**
 * Which keys the API server has for what it keeps in etcd. The first key writes; the others only read what was written
 * with them before. https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
 */
export interface KeyRing {
  readonly keys: readonly [Key, ...Key[]];
  /** Resources that are written encrypted, as EncryptionConfiguration names them: `secrets`, `deployments.apps`, `*.apps`. */
  readonly resources: readonly string[];
  /** Resources that were encrypted and no longer shall be: written in clear, still read with the keys. */
  readonly leaving: readonly string[];
}

const provider = z.enum(["secretbox", "aescbc"]);
export type Provider = output<typeof provider>;

const key = z.strictObject({
  provider,
  name: z.string(),
  /** 32 bytes in base64. */
  secret: z.string().refine((text) => Buffer.from(text, "base64").length === 32, "32 bytes in base64"),
});
export type Key = output<typeof key>;

/** What a stack asks for: one key, and what to encrypt with it. */
const wantedKey = z.strictObject({ key, resources: z.array(z.string()).min(1) });
export type WantedKey = output<typeof wantedKey>;

/** Reads the document that travels to a step's standard input. */
export function parseWantedKey(json: string): WantedKey {
  return wantedKey.parse(JSON.parse(json));
}

/** The key ring of a cluster that has known no other key. */
export function ringOf({ key, resources }: WantedKey): KeyRing {
  return { keys: [key], resources: withoutOverlap(resources), leaving: [] };
}

/** Two keys are one when provider and name agree: both are part of what etcd keeps (`k8s:enc:secretbox:v1:key1:`). */
export function sameKey(a: Key, b: Key): boolean {
  return a.provider === b.provider && a.name === b.name;
}

/** `secretbox key1`, for messages; never the secret. */
export function keyName({ provider, name }: Key): string {
  return `${provider} ${name}`;
}
