import assert from "node:assert/strict";
import { fields, textList } from "../../../lab/manifests/fields.ts";
import { ArgumentWatch } from "../lab/argument-watch.ts";
import { eventually } from "../lab/wait.ts";
import { stepName } from "../program/step.ts";
import { provesIssuing } from "../vault/issuing.ts";
import { Story } from "../vault/story.ts";

describe("Vault of learn-02: three real servers, the program's own steps, kubectl exec stood in for", function () {
  this.timeout(240_000);
  this.bail(true); // one story
  const story = new Story("learn-02", 2);
  let watch: ArgumentWatch;

  before(async () => {
    watch = new ArgumentWatch();
    await story.begin();
  });
  after(async () => {
    watch.stop();
    await story.lab.stop();
  });

  it("is initialised, opened, joined and configured from nothing", async () => {
    await story.runAll(async (step) => {
      if (stepName(step) === "vault-init") await story.lab.startUnsealer();
    });
    assert.deepEqual(await story.sealed(), [false, false, false]);
    const { body } = await (await story.api()).get("sys/storage/raft/configuration");
    const servers: { node_id: string; voter: boolean }[] = body.data.config.servers;
    assert.deepEqual(servers.map(({ node_id, voter }) => [node_id, voter]).sort(), [
      ["vault-0", true],
      ["vault-1", true],
      ["vault-2", true],
    ]);
  });

  it("changes nothing and exits with 0 when every step is run again", async () => {
    story.changes();
    const before = new Map(story.results);
    await story.runAgain((step, result) => {
      assert.equal(result.stdout, before.get(stepName(step) ?? "")?.stdout, `${stepName(step)} answers something else`);
    });
    assert.deepEqual(story.changes(), []);
  });

  it("holds what the stack declares: the test secret, the authorities with their names and addresses, roles and policies", async () => {
    const api = await story.api();
    const secret = await api.get("secret/data/test/apitest");
    assert.deepEqual(Object.keys(secret.body.data.data).sort(), ["password", "username"]);
    const names = await Promise.all(
      ["pki", "pki_int", "pki_int_foo"].map(
        async (mount) => (await api.get(`${mount}/issuer/default`)).body.data.issuer_name,
      ),
    );
    assert.deepEqual(names, ["root-2026", "pki_int", "pki_int_foo"]);
    for (const mount of ["pki", "pki_int", "pki_int_foo"]) {
      const { body } = await api.get(`${mount}/config/urls`);
      for (const list of [body.data.issuing_certificates, body.data.crl_distribution_points, body.data.ocsp_servers])
        assert.match(textList(list)[0] ?? "", new RegExp(`^https://vault-active\\.vault\\.svc:8200/v1/${mount}/`));
    }
    const role = (await api.get("pki_int/roles/example-dot-com")).body.data;
    assert.deepEqual(
      [role.allowed_domains, role.allow_subdomains, role.allow_any_name],
      [["example.com"], true, false],
    );
    const policies = textList((await api.send("LIST", "sys/policies/acl")).body.data.keys);
    for (const name of ["admin", "sign-example-issuer", "sign-papaya-issuer"]) assert.ok(policies.includes(name), name);
  });

  provesIssuing(story);

  it("is opened again by the unsealer after a server restarts, without Pulumi", async () => {
    await story.lab.restart("vault-1");
    await eventually("vault-1 to be sealed or opened again", 30, async () => (await story.sealed())[1] === false);
    // it says so when Vault has answered, a moment after Vault has opened
    await eventually("the unsealer to say so", 10, () => story.lab.logs().includes("vault-1 was sealed: opened"));
  });

  it("is opened again after all servers stop at once, as after minikube stop and start", async () => {
    for (const { pod } of story.lab.servers) await story.lab.kill(pod.name);
    for (const { pod } of story.lab.servers) await story.lab.restart(pod.name);
    await eventually("every server to be open", 60, async () => (await story.sealed()).every((sealed) => !sealed));
    await eventually(
      "the test secret",
      30,
      async () => (await (await story.api()).get("secret/data/test/apitest")).status === 200,
    );
  });

  it("goes on when the leader is lost, and the steps still find nothing to change", async () => {
    const leader = await story.lab.active();
    await story.lab.kill(leader.pod.name);
    await eventually("another leader", 60, async () => {
      const { pod } = await story.lab.active();
      return pod.name !== leader.pod.name;
    });
    story.changes();
    await story.runAgain(undefined, (name) => name.startsWith("vault-configure/"));
    assert.deepEqual(story.changes(), []);
    await story.lab.restart(leader.pod.name);
    await eventually("every server to be open", 60, async () => (await story.sealed()).every((sealed) => !sealed));
  });

  it("takes a follower back that lost its volume: it joins, is opened and votes again", async () => {
    const leader = await story.lab.active();
    const follower = story.lab.servers.find(({ pod }) => pod.name !== leader.pod.name);
    assert.ok(follower);
    await story.lab.replace(follower.pod.name);
    await eventually("the follower to be open", 90, async () => (await story.sealed()).every((sealed) => !sealed));
    await eventually("three voters again", 60, async () => {
      const { body } = await (await story.api()).get("sys/storage/raft/autopilot/state");
      return body.data?.healthy === true && textList(body.data.voters).length === 3;
    });
  });

  it("shows no key, token or test secret in arguments, logs, output or plain inputs", async () => {
    const { unsealKey, rootToken } = story.keys;
    const { body } = await (await story.api()).get("secret/data/test/apitest");
    const secrets = [unsealKey, rootToken, ...Object.values(body.data.data).map(String)];
    const inputs = story.steps.map((one) =>
      JSON.stringify([one.inputs.create, one.inputs.update, fields(one.inputs.environment)]),
    );
    const places = {
      arguments: watch.commandLines,
      "logs of Vault": [story.lab.logs()],
      "output of steps": story.said,
      inputs,
    };
    assert.ok(watch.commandLines.length > 50, "the watch saw too little");
    for (const [place, texts] of Object.entries(places))
      for (const secret of secrets) assert.ok(!texts.some((text) => text.includes(secret)), `a secret is in ${place}`);
    const init = story.steps.find((one) => stepName(one) === "vault-init");
    assert.ok(
      init?.options.additionalSecretOutputs.includes("stdout"),
      "the answer of vault-init is no secret of the state",
    );
  });
});
