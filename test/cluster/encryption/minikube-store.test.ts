import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { execa } from "execa";
import { encryptionDocument } from "../../../components/cluster/encryption/document.ts";
import { wantedKeyOf } from "../../../components/cluster/encryption/encryption-key.ts";
import { ringOf } from "../../../components/cluster/encryption/key-ring.ts";
import { minikubeStore } from "../../../components/cluster/encryption/minikube-store.ts";
import { encryptionFile, encryptionFlags, hostPath, nodePath } from "../../../components/cluster/encryption/place.ts";
import { minikubeHome } from "../../../components/cluster/minikube/home.ts";
import { type FakeMachine, fakeMachine } from "../../support/fake-machine.ts";

const keyNamed = (key: string) => wantedKeyOf("pem", { provider: "secretbox", key, resources: ["secrets"] });
const documentOf = (key: string) => encryptionDocument(ringOf(keyNamed(key)));

describe("the EncryptionConfiguration on a minikube node and its host", () => {
  let machine: FakeMachine;
  const store = () => minikubeStore("learn-06", minikubeHome(machine.env), machine.run);
  beforeEach(async () => {
    machine = fakeMachine();
    encryptionFile(minikubeHome(machine.env), "learn-06", keyNamed("key1")).write();
    const flags = encryptionFlags("learn-06").map((flag) => `--extra-config=${flag}`);
    await machine.run("minikube", ["start", "--profile=learn-06", ...flags]);
  });
  afterEach(() => machine.remove());

  it("is read from both, the node's first, whatever line ends a terminal makes", async () => {
    assert.deepEqual(await store().read(), [documentOf("key1"), documentOf("key1")]);
  });

  it("is written to both and protected on the node", async () => {
    await store().write(documentOf("key2"));
    assert.deepEqual(await store().read(), [documentOf("key2"), documentOf("key2")]);
    assert.match(machine.calls("ssh").join("\n"), new RegExp(`sudo chmod 600 ${nodePath("learn-06")}`));
  });

  it("is not copied again when the node has it", async () => {
    const same = store();
    await same.write((await same.read())[0] ?? "");
    assert.deepEqual(machine.calls("cp"), []);
  });

  it("is written on the host first, which is what a restarted node would get", async () => {
    machine.behave({ minikube: { failCopy: true } });
    await assert.rejects(
      store().write(documentOf("key2")),
      /copying the EncryptionConfiguration to the node failed: no space left/,
    );
    machine.behave({});
    assert.deepEqual(await store().read(), [documentOf("key1"), documentOf("key2")]);
  });

  it("counts as unreadable, not as absent, when the node cannot be asked", async () => {
    machine.behave({ minikube: { failSsh: true } });
    await assert.rejects(store().read(), /reading .* of profile learn-06 failed: ssh: connection refused/);
  });

  it("is enough on one of the two", async () => {
    rmSync(hostPath(minikubeHome(machine.env), "learn-06"));
    assert.deepEqual(await store().read(), [documentOf("key1")]);
  });

  it("is absent when both have lost it, so that the key of Pulumi's state is written anew", async () => {
    rmSync(hostPath(minikubeHome(machine.env), "learn-06"));
    rmSync(machine.path("nodes"), { recursive: true });
    assert.deepEqual(await store().read(), []);
  });

  it("is rotated by the step: wanted key on standard input, one JSON document on stdout, no secret on any command line", async () => {
    const wanted = keyNamed("key2");
    const { stdout, stderr } = await execa(
      process.execPath,
      ["--import", "tsx/esm", "components/cluster/encryption/cli.ts", "update"],
      {
        env: { ...machine.env, LEARN_PARAMETERS: '{"profile":"learn-06"}' },
        input: JSON.stringify(wanted),
      },
    );
    assert.deepEqual(JSON.parse(stdout), { key: "key2", provider: "secretbox", resources: ["secrets"] });
    assert.match(stderr, /key2 is added.*\n.*rewriting secrets\n.*key1 any more: dropped/);
    assert.deepEqual(await store().read(), [documentOf("key2"), documentOf("key2")]);
    const said = machine.read("calls.log") + machine.read("kubectl.log") + stderr;
    for (const { key } of [wanted, keyNamed("key1")]) assert.ok(!said.includes(key.secret));
  }).timeout(60_000);
});
