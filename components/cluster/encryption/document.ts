import { parse, stringify } from "yaml";
import { type output, z } from "../../../config/zod.ts";
import type { Key, KeyRing, Provider } from "./key-ring.ts";

/**
 * The EncryptionConfiguration (apiserver.config.k8s.io/v1) of a key ring, as YAML. `identity`, which reads and writes in
 * clear, comes last where objects are encrypted, so that those written before encryption still can be read.
 */
export function encryptionDocument({ keys, resources, leaving }: KeyRing): string {
  const providers = providersOf(keys);
  const groups = [{ resources: [...resources], providers: [...providers, { identity: {} }] }];
  if (leaving.length > 0) groups.push({ resources: [...leaving], providers: [{ identity: {} }, ...providers] });
  return stringify(
    { apiVersion: "apiserver.config.k8s.io/v1", kind: "EncryptionConfiguration", resources: groups },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}

type ProviderEntry =
  | { readonly identity: Record<string, never> }
  | { readonly [name in Provider]?: { readonly keys: { name: string; secret: string }[] } };

/** Neighbouring keys of one provider share an entry, because the order of all keys matters. */
function providersOf(keys: readonly Key[]): ProviderEntry[] {
  const runs: { provider: Provider; keys: { name: string; secret: string }[] }[] = [];
  for (const { provider, name, secret } of keys) {
    const last = runs.at(-1);
    if (last?.provider === provider) last.keys.push({ name, secret });
    else runs.push({ provider, keys: [{ name, secret }] });
  }
  return runs.map((run) => ({ [run.provider]: { keys: run.keys } }));
}

const keyList = z.object({ keys: z.array(z.object({ name: z.string(), secret: z.string() })) });
const group = z.object({
  resources: z.array(z.string()),
  providers: z.array(
    z.union([
      z.strictObject({ identity: z.object({}) }),
      z.strictObject({ secretbox: keyList }),
      z.strictObject({ aescbc: keyList }),
    ]),
  ),
});
const configuration = z.object({ kind: z.literal("EncryptionConfiguration"), resources: z.array(group).min(1).max(2) });

/** Reads back what {@link encryptionDocument} wrote; undefined for anything else. */
export function readDocument(yaml: string): KeyRing | undefined {
  const parsed = configuration.safeParse(parseYaml(yaml));
  if (!parsed.success) return undefined;
  const [written, leaving] = parsed.data.resources;
  if (written === undefined) return undefined;
  const [first, ...rest] = written.providers.flatMap(keysOf);
  if (first === undefined) return undefined;
  return { keys: [first, ...rest], resources: written.resources, leaving: leaving?.resources ?? [] };
}

function keysOf(entry: output<typeof group>["providers"][number]): Key[] {
  if ("secretbox" in entry) return entry.secretbox.keys.map((key) => ({ provider: "secretbox", ...key }));
  if ("aescbc" in entry) return entry.aescbc.keys.map((key) => ({ provider: "aescbc", ...key }));
  return [];
}

function parseYaml(yaml: string): unknown {
  try {
    return parse(yaml);
  } catch {
    return undefined;
  }
}
