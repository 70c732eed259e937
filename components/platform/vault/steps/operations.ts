import { type output, z } from "../../../../config/zod.ts";

/**
 * The steps that configure Vault, as data: what is to hold, never how. A step travels from the program to its command as
 * JSON, so that the command changes exactly when the step does.
 */

const fields = z.record(z.string(), z.unknown());

/** What is read at `read` must have these values; otherwise they are written to `write`. */
const ensure = z.object({
  kind: z.literal("ensure"),
  what: z.string(),
  read: z.string(),
  write: z.string(),
  desired: fields,
});

/** A secrets engine or an auth method is mounted at `path`. */
const mount = z.object({
  kind: z.literal("mount"),
  section: z.enum(["mounts", "auth"]),
  path: z.string(),
  type: z.string(),
  options: z.record(z.string(), z.string()).optional(),
});

/** A KV v2 secret has these fields; missing ones get random values that Vault makes, others are left as they are. */
const randomSecret = z.object({
  kind: z.literal("random-secret"),
  mount: z.string(),
  path: z.string(),
  fields: z.array(z.string()),
});

/** A PKI engine has an authority of its own: a self-signed root, or one signed by the engine at `signer`. */
const authority = z.object({
  kind: z.literal("authority"),
  mount: z.string(),
  commonName: z.string(),
  /** Lifetime in seconds. */
  ttl: z.number(),
  issuerName: z.string(),
  signer: z.string().optional(),
  maxPathLength: z.number().optional(),
});

export const operation = z.discriminatedUnion("kind", [ensure, mount, randomSecret, authority]);
export type Operation = output<typeof operation>;
export type Ensure = output<typeof ensure>;
export type Mount = output<typeof mount>;
export type RandomSecret = output<typeof randomSecret>;
export type Authority = output<typeof authority>;

export const configureStep = z.object({
  /** Unique, such as `pki-pki_int`. */
  name: z.string(),
  operations: z.array(operation),
  /** Mount of the authority whose certificate is the step's result. */
  authority: z.string().optional(),
  /** Paths that are deleted when the step leaves the stack; engines and their keys never are. */
  forget: z.array(z.string()),
});
export type ConfigureStep = output<typeof configureStep>;
