import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fields, fieldsList, text } from "../../../lab/manifests/fields.ts";
import { rehearse } from "../../../lab/rehearsal/rehearse.ts";
import { stackNames } from "../../../tools/stack/stack-files.ts";
import { type LanguageHost, serveLanguageHost } from "../engine/language-host.ts";
import type { ServedPlugin } from "../engine/plugin.ts";
import { serveProviders } from "../engine/provider.ts";
import { RealPulumi } from "../engine/real-pulumi.ts";

const stacks = (await stackNames("stacks")).filter((name) => name.startsWith("learn-"));

// The CLI and its engine are real; the language host and the providers are stand-ins that the engine attaches to.
describe("Pulumi's engine, with stand-ins for the language host and the providers", () => {
  let real: RealPulumi;
  let host: LanguageHost;
  let providers: Record<string, ServedPlugin>;
  let files: Record<string, string>;
  before(async () => {
    real = new RealPulumi();
    files = real.files();
    [host, providers] = await Promise.all([serveLanguageHost(), serveProviders()]);
    real.attach(host, providers);
  });
  after(() => {
    for (const plugin of [host, ...Object.values(providers)]) plugin.close();
  });

  for (const stack of stacks)
    it(`${stack}: npm run preview plans what the rehearsal's engine records, with the same configuration`, async () => {
      const { code, stdout, stderr } = await real.npmRun("preview", [stack, "--json"]);
      assert.equal(code, 0, stderr + stdout);
      const steps = fieldsList(fields(JSON.parse(stdout)).steps);
      assert.deepEqual(new Set(steps.map(({ op }) => op)), new Set(["create"]));
      const planned = steps.map(({ newState }) => seen(fields(newState)));
      const expected = await rehearse(stack, { run: "here", preview: true });
      assert.deepEqual(
        planned.filter(({ type }) => !type.startsWith("pulumi:pulumi:")).sort(byUrn),
        expected.registrations
          .filter(({ type }) => !type.startsWith("pulumi:pulumi:"))
          .map(({ urn, type, parent, deletedWith }) => ({ urn, type, parent, deletedWith }))
          .sort(byUrn),
      );
      const handedOver = host.runs.at(-1);
      assert.equal(handedOver?.stack, stack);
      assert.deepEqual(parsed(handedOver.config), parsed(expected.config.values));
    });

  it("learn-05: up, then nothing to do, then destroy; no secret lies open in the state", async () => {
    const up = await real.npmRun("up", ["learn-05", "--yes", "--skip-preview"]);
    assert.equal(up.code, 0, up.stdout + up.stderr);
    const outputs = await real.pulumi(["stack", "output", "--json", "--show-secrets", "--stack", "learn-05"]);
    const token = text(fields(JSON.parse(outputs.stdout)).vaultToken);
    assert.ok(token);
    const state = readFileSync(join(real.directory, ".state/.pulumi/stacks/learn/learn-05.json"), "utf8");
    assert.ok(!state.includes(token), "Vault's token");
    assert.doesNotMatch(state, /PRIVATE KEY/);

    const again = await real.npmRun("preview", ["learn-05", "--expect-no-changes"]);
    assert.equal(again.code, 0, again.stdout + again.stderr);
    const shown = await real.npmRun("outputs", ["learn-05"]);
    assert.match(shown.stdout, /kubeContext +learn-05/);
    assert.ok(!shown.stdout.includes(token));
    const destroyed = await real.npmRun("destroy", ["learn-05", "--yes"]);
    assert.equal(destroyed.code, 0, destroyed.stdout + destroyed.stderr);
    assert.match(destroyed.stdout, /Resources:\n +- \d+ deleted/);
    assert.deepEqual(real.files(), files);
  });

  it("a secret of the stack file reaches the program as one, and stays one in the state", async () => {
    await real.pulumi(["stack", "select", "--create", "learn-06"]);
    const kept = real.read("stacks/Pulumi.learn-06.yaml");
    const set = ["config", "set", "--secret", "--path", "learn:secrets.a-secret.data.key1", "--stack", "learn-06"];
    await real.pulumi(set, { input: "a hidden value" });
    const { code, stdout, stderr } = await real.npmRun("up", ["learn-06", "--yes", "--skip-preview"]);
    real.write("stacks/Pulumi.learn-06.yaml", kept);
    assert.equal(code, 0, stdout + stderr);
    const { config = {}, secretKeys } = host.runs.at(-1) ?? {};
    assert.match(config["learn:secrets"] ?? "", /"key1":"a hidden value"/);
    assert.deepEqual(secretKeys, ["learn:secrets"]);
    const state = readFileSync(join(real.directory, ".state/.pulumi/stacks/learn/learn-06.json"), "utf8");
    const forms = ["a hidden value", Buffer.from("a hidden value").toString("base64")];
    for (const form of forms) assert.ok(!state.includes(form), form);
    for (const form of forms) assert.ok(!stdout.includes(form), form);
  });

  it("a program that fails is told in its own words", async () => {
    const kept = real.read("stacks/Pulumi.learn-03-01.yaml");
    real.write("stacks/Pulumi.learn-03-01.yaml", kept.replace("learn:platform:", "learn:platfrom:"));
    const { code, stdout, stderr } = await real.npmRun("preview", ["learn-03-01"]);
    real.write("stacks/Pulumi.learn-03-01.yaml", kept);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /learn:platfrom: unknown key \(did you mean platform\?\)/);
  });

  it("policy pack: stops a preview at a broken wire, and lets it pass with what somebody else makes", async () => {
    const preview = ["preview", "--stack", "learn-05", "--policy-pack", "policy-pack"];
    const stopped = await real.pulumi(preview);
    assert.notEqual(stopped.code, 0);
    assert.match(stopped.stdout, /\[mandatory\] {2}wiring {2}.*vault-unsealer/);
    assert.match(stopped.stdout, /W37 Deployment vault\/vault-unsealer → Secret vault\/vault-unseal/);
    real.write("pack.json", JSON.stringify({ wiring: { provided: ["Secret/vault/vault-unseal"] } }));
    const passed = await real.pulumi([...preview, "--policy-pack-config", "pack.json"]);
    assert.equal(passed.code, 0, passed.stdout + passed.stderr);
    assert.match(passed.stdout, /✅ gateway-wiring@v0\.1\.0/);
  });
});

interface Seen {
  readonly urn: string;
  readonly type: string;
  readonly parent: string | undefined;
  readonly deletedWith: string | undefined;
}

function seen({ urn, type, parent, deletedWith }: Readonly<Record<string, unknown>>): Seen {
  return { urn: String(urn), type: String(type), parent: text(parent), deletedWith: text(deletedWith) };
}

function byUrn(a: { readonly urn: string }, b: { readonly urn: string }): number {
  return a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0;
}

/** JSON texts as the program reads them. */
function parsed(values: Readonly<Record<string, string>>): Record<string, unknown> {
  const one = (value: string) => (/^[[{]/.test(value) ? JSON.stringify(JSON.parse(value)) : value);
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, one(value)]));
}
