import assert from "node:assert/strict";
import { type Transport, VaultClient } from "../../../components/platform/vault/steps/client.ts";
import { configure, forget } from "../../../components/platform/vault/steps/configure.ts";
import { type PlannedStep, plan } from "../../../components/platform/vault/steps/plan.ts";
import { vaultConfiguration } from "../../../config/derive/vault.ts";
import { loadPrototype } from "../../support/stack-files.ts";
import { FakeVault } from "./fake-vault.ts";

const configuration = vaultConfiguration(loadPrototype("learn-05"));
const steps = plan(configuration);

async function run(vault: FakeVault, transport: Transport = vault.transport, which: readonly PlannedStep[] = steps) {
  const lines: string[] = [];
  for (const step of which) {
    await configure(new VaultClient(transport, "vault-0", vault.token, 0), step, (line) => lines.push(line));
  }
  return lines;
}

function step(name: string): PlannedStep {
  const found = steps.find((one) => one.name === name);
  assert.ok(found, `there is no step ${name}`);
  return found;
}

describe("the steps that configure Vault (against a stand-in; test/real shows them on Vault)", () => {
  it("wait only for what they need: a signer for its intermediate, an engine for its roles, the auth method for a login", () => {
    assert.deepEqual(
      steps.map(({ name, after }) => [name, after]),
      [
        ["policy-admin", []],
        ["kv-secret", []],
        ["pki-pki", []],
        ["role-pki-smoke-issuer", ["pki-pki"]],
        ["pki-pki_int", ["pki-pki"]],
        ["role-pki_int-mango-issuer", ["pki-pki_int"]],
        ["role-pki_int-nginx-issuer", ["pki-pki_int"]],
        ["auth-kubernetes", []],
        ["login-smoke-issuer", ["auth-kubernetes"]],
        ["login-mango-issuer", ["auth-kubernetes"]],
        ["login-nginx-issuer", ["auth-kubernetes"]],
      ],
    );
  });

  it("make everything from nothing, and change nothing when run again", async () => {
    const vault = new FakeVault();
    await run(vault);
    assert.deepEqual(vault.fields.get("auth/kubernetes/role/mango-issuer"), {
      bound_service_account_names: ["mango-issuer"],
      bound_service_account_namespaces: ["mango"],
      audience: "vault://mango/mango-issuer",
      token_policies: ["sign-mango-issuer"],
      token_no_default_policy: true,
      token_ttl: 60,
      token_max_ttl: 600,
    });
    assert.equal(vault.engines.get("pki_int")?.issuer("default")?.issuer_name, "pki_int");
    assert.equal(vault.engines.get("pki")?.issuer("default")?.issuer_name, "root-2026");
    vault.writes.length = 0;
    const lines = await run(vault);
    assert.deepEqual(vault.writes, []);
    for (const line of lines) assert.match(line, /as it should be$/);
  });

  it("converge when they were broken off at any call, before or after Vault acted, with no key made twice", async () => {
    const calls = new FakeVault();
    await run(calls);
    for (let at = 1; at <= calls.commands.length; at++) {
      for (const acted of [false, true]) {
        const vault = new FakeVault();
        await assert.rejects(run(vault, cutOff(vault.transport, at, acted)), /cut off/);
        await run(vault);
        vault.writes.length = 0;
        await run(vault);
        const where = `cut off ${acted ? "after" : "before"} call ${at}: ${calls.commands[at - 1]}`;
        assert.deepEqual(vault.writes, [], where);
        for (const [mount, engine] of vault.engines) assert.equal(engine.keys.size, 1, `${where}: keys of ${mount}`);
      }
    }
  });

  it("write only the role when its domains are edited", async () => {
    const vault = new FakeVault();
    await run(vault);
    vault.writes.length = 0;
    const edited = structuredClone(step("role-pki_int-mango-issuer"));
    const [operation] = edited.operations;
    assert.ok(operation?.kind === "ensure");
    operation.desired.allowed_domains = ["example.org"];
    assert.deepEqual(await run(vault, vault.transport, [edited]), [
      "role mango-issuer of pki_int: set (allowed_domains)",
    ]);
    assert.deepEqual(vault.writes, ["write pki_int/roles/mango-issuer"]);
  });

  it("keep secrets out of every command line and every line of progress", async () => {
    const vault = new FakeVault();
    const lines = await run(vault);
    const random = Object.values(vault.kv.get("secret/data/test/apitest")?.data ?? {}).map(String);
    assert.equal(random.length, 2);
    for (const secret of [vault.token, ...random]) {
      for (const text of [...vault.commands, ...lines]) assert.ok(!text.includes(secret), text);
    }
  });

  it("add a missing field of a KV secret and leave the others as they are", async () => {
    const vault = new FakeVault();
    await run(vault);
    vault.kv.set("secret/data/test/apitest", { version: 7, data: { username: "mine", other: "kept" } });
    await run(vault, vault.transport, [step("kv-secret")]);
    const secret = vault.kv.get("secret/data/test/apitest");
    assert.equal(secret?.version, 8);
    assert.equal(secret?.data.username, "mine");
    assert.equal(secret?.data.other, "kept");
    assert.match(String(secret?.data.password), /^random/);
  });

  it("say it when a mount is something else already", async () => {
    const vault = new FakeVault();
    vault.mounts["secret/"] = { type: "kv", options: { version: "1" } };
    await assert.rejects(
      run(vault),
      /secrets engine at secret\/ is something else already \(kv\); this stack needs kv version 2 there/,
    );
  });

  it("say it when an authority would have to be renamed, which cannot be done", async () => {
    const vault = new FakeVault();
    await run(vault);
    const renamed = structuredClone(step("pki-pki"));
    for (const operation of renamed.operations)
      if (operation.kind === "authority") operation.commonName = "example.org";
    await assert.rejects(
      run(vault, vault.transport, [renamed]),
      /authority of pki is called "example.com" .* cannot become "example.org"/,
    );
  });

  it("tell Vault's own reason in one line when it refuses", async () => {
    const vault = new FakeVault();
    const stranger = new VaultClient(vault.transport, "vault-0", "no token of mine", 0);
    await assert.rejects(
      configure(stranger, step("policy-admin"), () => {}),
      {
        message:
          "vault read sys/policies/acl/admin in pod vault-0 failed (exit code 2): Error making API request. * permission denied",
      },
    );
  });

  it("wait out an election of a leader", async () => {
    const vault = new FakeVault();
    let calls = 0;
    const electing: Transport = async (pod, args, stdin) =>
      ++calls === 1
        ? { code: 2, stdout: "", stderr: "* local node not active but active cluster node not found" }
        : vault.transport(pod, args, stdin);
    await configure(new VaultClient(electing, "vault-0", vault.token, 5000), step("policy-admin"), () => {});
    assert.ok(vault.fields.has("sys/policies/acl/admin"));
  });

  it("take back a login and its policy when an issuer leaves the stack, and never an engine", async () => {
    const vault = new FakeVault();
    await run(vault);
    await forget(new VaultClient(vault.transport, "vault-0", vault.token), step("login-mango-issuer"), () => {});
    assert.ok(!vault.fields.has("auth/kubernetes/role/mango-issuer"));
    assert.ok(!vault.fields.has("sys/policies/acl/sign-mango-issuer"));
    for (const { name, forget: paths } of steps) if (/^(pki|kv)-/.test(name)) assert.deepEqual(paths, [], name);
  });
});

function cutOff(transport: Transport, at: number, acted: boolean): Transport {
  let calls = 0;
  return async (pod, args, stdin) => {
    calls += 1;
    if (calls > at || (calls === at && !acted)) throw new Error("cut off");
    const answer = await transport(pod, args, stdin);
    if (calls === at) throw new Error("cut off");
    return answer;
  };
}
