import { vaultNamespace } from "../../config/derive/vault.ts";
import type { Prototype } from "../../config/schema.ts";
import type { Kubectl } from "../live/kubectl.ts";
import { fields, fieldsAt, text } from "../manifests/fields.ts";
import { seen } from "./claims.ts";
import type { Check, Result } from "./result.ts";

type Seen = Pick<Result, "expected" | "got" | "ok" | "how">;

/** Every Vault server of the stack must be open; `vault status` needs no token. */
export function vaultChecks({ platform }: Prototype, kubectl: Kubectl): Check[] {
  const replicas = platform.vault?.replicas ?? 0;
  return Array.from({ length: replicas }, (_, index) => {
    const pod = `vault-${index}`;
    const asked = `Vault server ${pod}`;
    return { asked, run: () => seen("", asked, () => unsealed(kubectl, pod)) };
  });
}

async function unsealed(kubectl: Kubectl, pod: string): Promise<Seen> {
  const how = `vault status inside pod ${vaultNamespace}/${pod}`;
  const expected = "initialised and unsealed";
  // Exit code 2 means sealed, and the status is printed all the same.
  const { stdout, stderr } = await kubectl.run(inPod(pod, "vault status -format=json"));
  const status = parse(stdout);
  if (status === undefined) return { expected, got: stderr.trim() || "no answer", ok: false, how };
  const { initialized, sealed } = fields(status);
  const got = `${initialized === true ? "" : "not "}initialised and ${sealed === false ? "unsealed" : "sealed"}`;
  return { expected, got, ok: initialized === true && sealed === false, how };
}

/** Reads a KV v2 secret over HTTPS verified with Vault's own CA; the token goes in by stdin, the values stay in the pod. */
export async function readVaultSecret(
  kubectl: Kubectl,
  path: string,
  wanted: readonly string[],
  token: string | undefined,
): Promise<Seen> {
  const expected = `has ${wanted.join(", ")}`;
  const how = `vault kv get inside pod ${vaultNamespace}/vault-0, over TLS verified with its CA`;
  if (token === undefined) return { expected, got: "Pulumi keeps no token of this Vault", ok: false, how };
  const [mount = "", ...rest] = path.split("/");
  const script = `read -r VAULT_TOKEN; export VAULT_TOKEN; export VAULT_ADDR=https://vault-active.vault.svc:8200; vault kv get -format=json -mount=${quoted(mount)} ${quoted(rest.join("/"))}`;
  const { code, stdout, stderr } = await kubectl.run(inPod("vault-0", script, true), { input: `${token}\n` });
  if (code !== 0) return { expected, got: stderr.trim().split("\n").at(-1) ?? "no answer", ok: false, how };
  const found = Object.keys(fieldsAt(parse(stdout), "data", "data"));
  const missing = wanted.filter((field) => !found.includes(field));
  const got = missing.length === 0 ? `has ${wanted.join(", ")}` : `lacks ${missing.join(", ")}`;
  return { expected, got, ok: missing.length === 0, how };
}

function inPod(pod: string, script: string, stdin = false): string[] {
  return ["-n", vaultNamespace, "exec", ...(stdin ? ["-i"] : []), pod, "-c", "vault", "--", "sh", "-c", script];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return text(undefined);
  }
}
