import { setTimeout as sleep } from "node:timers/promises";
import { type Report, StepFailure } from "../../../commands/script.ts";
import type { InitResult } from "../../../commands/vault-steps.ts";
import { isFields, type Transport } from "./client.ts";
import type { Kubectl } from "./kubectl.ts";
import { describe, podsOf, type ServerState, serverStates } from "./servers.ts";

/** What of kubectl is needed: Secrets, and commands in the pods. */
export type KeyStore = Pick<Kubectl, "get" | "create" | "transport">;

/** The Secret that holds the answer of init; the unsealer reads the key from it. */
export const unsealSecret = "vault-unseal";
export const unsealKeyField = "unseal-key";
const rootTokenField = "root-token";

/**
 * Initialises Vault, once. The keys exist in one answer only, so it is written down before anything else can fail: the
 * pod keeps it in a file (in its memory-backed or emptyDir home, readable by Vault's user alone) from the moment Vault
 * speaks, even if this process is killed; from there it goes into the Secret vault-unseal; then the file is removed.
 * On a Vault that is initialised already the keys are read back.
 *
 * @throws StepFailure when Vault is initialised but its keys are nowhere, or the Secret belongs to an earlier Vault.
 */
export async function initialise(kubectl: KeyStore, replicas: number, report: Report): Promise<InitResult> {
  const [secret, states] = await Promise.all([storedKeys(kubectl), settledStates(kubectl.transport, replicas)]);
  if (states.every(({ state }) => state === "unreachable"))
    throw new StepFailure(`cannot initialise Vault: ${describe(states)}`);
  const initialised = states.some(({ state }) => state === "sealed" || state === "unsealed");
  if (secret && !initialised) throw new StepFailure(foreignSecret(states));
  if (secret) {
    report("Vault is initialised; its keys are in Secret vault/vault-unseal");
    await removeFiles(kubectl.transport, replicas);
    return secret;
  }
  const keys = initialised
    ? await rememberedKeys(kubectl.transport, replicas)
    : await freshKeys(kubectl.transport, states);
  await kubectl.create(secretManifest(keys));
  report(`Vault ${initialised ? "was" : "is now"} initialised; its keys are stored in Secret vault/vault-unseal`);
  await removeFiles(kubectl.transport, replicas);
  return keys;
}

/** A server that an earlier, killed attempt is just initialising may answer nobody for a moment, while the others do. */
async function settledStates(transport: Transport, replicas: number, looks = 10): Promise<ServerState[]> {
  const states = await serverStates(transport, replicas);
  const busy = states[0]?.state === "unreachable" && states.some(({ state }) => state !== "unreachable");
  if (!busy || looks <= 1) return states;
  await sleep(1000);
  return settledStates(transport, replicas, looks - 1);
}

/** Longer than the scripts below wait. */
const INIT_TIMEOUT = 330_000;

/**
 * Runs on, and writes the file, when whoever asked for it is gone; a second caller waits for the first. Vault answers only
 * when it has labelled its own pod, for which it tries the API server for minutes: the answer, which it gives once, is
 * waited for longer than the minute that is its client's default.
 */
const initScript = `
umask 077
export VAULT_CLIENT_TIMEOUT=300s
file="$HOME/vault-init.json"
vault operator init -status >/dev/null 2>&1
if [ $? = 2 ] && [ ! -d "$file.lock" ]; then rm -f "$file"; fi
if [ ! -s "$file" ] && mkdir "$file.lock" 2>/dev/null; then
  nohup sh -c '
    vault operator init -format=json -key-shares=1 -key-threshold=1 >"$0.new" 2>"$0.error" && mv "$0.new" "$0"
    rmdir "$0.lock"
  ' "$file" >/dev/null 2>&1 &
fi
n=0
while [ -d "$file.lock" ] && [ $n -lt 310 ]; do sleep 1; n=$((n+1)); done
[ $n -lt 310 ] || rmdir "$file.lock"
[ -s "$file" ] || { cat "$file.error" >&2; exit 1; }
cat "$file"
`;

async function freshKeys(transport: Transport, states: readonly ServerState[]): Promise<InitResult> {
  const [first] = states;
  if (first?.state !== "uninitialised") throw new StepFailure(`cannot initialise Vault: ${describe(states)}`);
  const { code, stdout, stderr } = await transport(first.pod, ["sh", "-c", initScript], "", INIT_TIMEOUT);
  if (code !== 0) throw new StepFailure(`initialising Vault in pod ${first.pod} failed: ${stderr.trim()}`);
  return parseKeys(stdout);
}

/** Waits while an earlier attempt, whose asker was killed, is still writing Vault's answer down. */
const rememberScript = `
n=0
while [ -d "$HOME/vault-init.json.lock" ] && [ $n -lt 310 ]; do sleep 1; n=$((n+1)); done
cat "$HOME/vault-init.json"
`;

/** The file of an earlier attempt that was killed before the Secret was made. */
async function rememberedKeys(transport: Transport, replicas: number): Promise<InitResult> {
  for (const pod of podsOf(replicas)) {
    const { code, stdout } = await transport(pod, ["sh", "-c", rememberScript], "", INIT_TIMEOUT);
    if (code === 0 && stdout.trim() !== "") return parseKeys(stdout);
  }
  throw new StepFailure(
    [
      "Vault is initialised, but its keys are neither in Secret vault/vault-unseal nor in a pod: somebody deleted the Secret.",
      "If Pulumi still has them, put them back:",
      "  pulumi stack export --show-secrets   # unsealKey and rootToken, in what the step vault-init printed",
      "  kubectl -n vault create secret generic vault-unseal --from-file=unseal-key=… --from-file=root-token=…",
      "Otherwise nobody can read this Vault any more. Begin anew: kubectl -n vault delete pvc,pod -l app.kubernetes.io/name=vault",
    ].join("\n"),
  );
}

async function storedKeys(kubectl: KeyStore): Promise<InitResult | undefined> {
  const secret = await kubectl.get("secret", unsealSecret);
  if (secret === undefined) return undefined;
  const data = isFields(secret.data) ? secret.data : {};
  const [unsealKey, rootToken] = [unsealKeyField, rootTokenField].map((field) =>
    Buffer.from(String(data[field] ?? ""), "base64").toString("utf8"),
  );
  if (unsealKey && rootToken) return { unsealKey, rootToken };
  throw new StepFailure(
    `Secret vault/${unsealSecret} lacks ${unsealKeyField} or ${rootTokenField}; it must hold what \`vault operator init\` printed`,
  );
}

function secretManifest({ unsealKey, rootToken }: InitResult) {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: unsealSecret, labels: { "app.kubernetes.io/part-of": "vault" } },
    type: "Opaque",
    stringData: { [unsealKeyField]: unsealKey, [rootTokenField]: rootToken },
  };
}

function parseKeys(json: string): InitResult {
  const answer: unknown = JSON.parse(json);
  if (isFields(answer)) {
    const [unsealKey] = Array.isArray(answer.unseal_keys_b64) ? answer.unseal_keys_b64 : [];
    if (typeof unsealKey === "string" && typeof answer.root_token === "string")
      return { unsealKey, rootToken: answer.root_token };
  }
  throw new StepFailure("Vault's answer to init has no key or no token");
}

async function removeFiles(transport: Transport, replicas: number): Promise<void> {
  await Promise.all(podsOf(replicas).map((pod) => transport(pod, ["sh", "-c", 'rm -f "$HOME"/vault-init.json*'], "")));
}

function foreignSecret(states: readonly ServerState[]): string {
  return `Secret vault/${unsealSecret} holds keys, but no server was ever initialised (${describe(states)}): the keys belong to an earlier Vault whose volumes are gone. If it is not needed any more, delete the Secret and run the same command again: kubectl -n vault delete secret ${unsealSecret}`;
}
