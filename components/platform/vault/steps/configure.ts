import { type Report, StepFailure } from "../../../commands/script.ts";
import type { ConfigureResult } from "../../../commands/vault-steps.ts";
import { convergeAuthority } from "./authority.ts";
import { type Fields, isFields, type VaultClient } from "./client.ts";
import type { ConfigureStep, Ensure, Mount, Operation, RandomSecret } from "./operations.ts";

/**
 * Makes what a step says hold. Every operation reads first and writes only what differs, so that a step which was broken
 * off anywhere, or has nothing to do, can simply be run (again).
 */
export async function configure(vault: VaultClient, step: ConfigureStep, report: Report): Promise<ConfigureResult> {
  for (const operation of step.operations) await converge(vault, operation, report);
  return step.authority === undefined ? {} : certificateOf(vault, step.authority);
}

/** Takes back what a step that left the stack had allowed. */
export async function forget(vault: VaultClient, step: ConfigureStep, report: Report): Promise<void> {
  for (const path of step.forget) {
    await vault.delete(path);
    report(`${path}: deleted`);
  }
}

function converge(vault: VaultClient, operation: Operation, report: Report): Promise<void> {
  switch (operation.kind) {
    case "ensure":
      return convergeFields(vault, operation, report);
    case "mount":
      return convergeMount(vault, operation, report);
    case "random-secret":
      return convergeSecret(vault, operation, report);
    case "authority":
      return convergeAuthority(vault, operation, report);
  }
}

async function convergeFields(vault: VaultClient, { what, read, write, desired }: Ensure, report: Report) {
  const found = await vault.read(read);
  const differing = differences(found ?? {}, desired);
  if (differing.length === 0) return report(`${what}: as it should be`);
  await vault.write(write, desired);
  report(found === undefined ? `${what}: made` : `${what}: set (${differing.join(", ")})`);
}

async function convergeMount(vault: VaultClient, { section, path, type, options }: Mount, report: Report) {
  const found = (await vault.read(`sys/${section}`))?.[`${path}/`];
  const what = section === "auth" ? `auth method at ${path}/` : `secrets engine at ${path}/`;
  if (isFields(found)) {
    if (found.type !== type || differences(isFields(found.options) ? found.options : {}, options ?? {}).length > 0)
      throw new StepFailure(
        `the ${what} is something else already (${String(found.type)}); this stack needs ${type}${options?.version ? ` version ${options.version}` : ""} there. Take another mount name in learn:vault, or move the old one away: vault secrets move ${path} ${path}-old`,
      );
    return report(`${what}: as it should be`);
  }
  await vault.write(`sys/${section}/${path}`, { type, ...(options ? { options } : {}) });
  report(`${what}: made (${type})`);
}

async function convergeSecret(vault: VaultClient, { mount, path, fields }: RandomSecret, report: Report) {
  const what = `secret ${mount}/${path}`;
  const found = (await vault.read(`${mount}/data/${path}`)) ?? {};
  const present = isFields(found.data) ? found.data : {};
  const missing = fields.filter((field) => !(field in present));
  if (missing.length === 0) return report(`${what}: as it should be`);
  const made = await Promise.all(missing.map(async (field) => [field, await randomValue(vault)] as const));
  // Check-and-set: nobody's newer version is overwritten.
  const version = isFields(found.metadata) ? Number(found.metadata.version ?? 0) : 0;
  await vault.write(`${mount}/data/${path}`, {
    options: { cas: version },
    data: { ...present, ...Object.fromEntries(made) },
  });
  report(`${what}: ${missing.join(", ")} made by Vault at random`);
}

async function randomValue(vault: VaultClient): Promise<string> {
  const { random_bytes: value } = await vault.write("sys/tools/random/24", { format: "hex" });
  if (typeof value !== "string") throw new StepFailure("Vault gave no random bytes");
  return value;
}

async function certificateOf(vault: VaultClient, mount: string): Promise<ConfigureResult> {
  const issuer = (await vault.read(`${mount}/issuer/default`)) ?? {};
  const [certificate, ...chain] = Array.isArray(issuer.ca_chain) ? issuer.ca_chain.map(String) : [];
  return { certificate: certificate ?? String(issuer.certificate), chain };
}

/** Names of the desired fields that differ; lists are compared as sets, texts without white space at their ends. */
export function differences(actual: Fields, desired: Fields): string[] {
  return Object.keys(desired).filter((key) => comparable(actual[key]) !== comparable(desired[key]));
}

function comparable(value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify(value.map(String).sort());
  return typeof value === "string" ? value.trim() : String(value);
}
