import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hostPath, nodePath } from "../../../components/cluster/encryption/place.ts";
import { minikubeHome } from "../../../components/cluster/minikube/home.ts";
import { fields, text } from "../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import { ControlPlane } from "../cluster/control-plane.ts";
import { MinikubeStandIn } from "../cluster/minikube.ts";
import { context } from "../lab/context.ts";
import { eventually } from "../lab/wait.ts";
import { inDependencyOrder, registrationsOf } from "../program/registrations.ts";
import { runStep, type StepRun, stepsNamed } from "../program/step.ts";

const STACK = "learn-06";
const KEY1 = "k8s:enc:secretbox:v1:key1:";
const KEY2 = "k8s:enc:secretbox:v1:key2:";
const ROTATED = { "learn:encryption": { provider: "secretbox", key: "key2", resources: ["secrets", "configmaps"] } };
const secretPath = (name: string) => `/registry/secrets/default/${name}`;

const secret = (name: string, value: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "default" },
  data: { key1: Buffer.from(value).toString("base64") },
});

/** The one command of that name that the program registers. */
async function step(name: string, { config = {}, stack = STACK } = {}) {
  const [found, ...more] = stepsNamed(await registrationsOf(stack, config), name);
  assert.ok(found && more.length === 0, `${stack} registers not exactly one step ${name}`);
  return found;
}

/** learn-06 as it was before somebody thought of encryption: its file without the block learn:encryption. */
function stackWithoutEncryption(): string {
  const file = readFileSync(new URL(`../../../stacks/Pulumi.${STACK}.yaml`, import.meta.url), "utf8");
  const without = file.replace(/^ {2}learn:encryption:.*\n/m, "").replace(/^ {4}- \{ etcd:.*\n/m, "");
  assert.notEqual(without, file);
  const path = join(context().directory, `Pulumi.${STACK}.yaml`);
  writeFileSync(path, without);
  return path;
}

/** A cluster of the stand-in of minikube, and the steps that are run on it. */
class Cluster {
  readonly plane: ControlPlane;
  readonly minikube: MinikubeStandIn;
  readonly outputs: string[] = [];
  private env: Record<string, string> = {};

  constructor(name: string) {
    this.plane = new ControlPlane(name, STACK);
    this.minikube = new MinikubeStandIn(this.plane);
  }

  async prepare(): Promise<void> {
    this.env = await this.minikube.environment();
  }

  async close(): Promise<void> {
    this.minikube.close();
    await this.plane.stop();
  }

  /** Runs a step as it is registered; `options.config` replaces values of the stack file. */
  async run(name: string, verb: "create" | "update", options = {}): Promise<StepRun> {
    const result = await runStep(await step(name, options), verb, { env: this.env });
    this.outputs.push(result.stdout, result.stderr);
    return result;
  }

  async stopAndStart(): Promise<void> {
    await this.stop();
    await this.minikube.start();
  }

  async stop(): Promise<void> {
    await this.minikube.stop();
    this.plane.client.forget();
  }

  /** What etcd holds under a key. */
  async raw(key: string): Promise<string> {
    return (await this.plane.raw(key))?.toString("latin1") ?? "";
  }

  /** What the API says a Secret's key1 is. */
  async read(name: string): Promise<string> {
    const { status, body } = await this.plane.client.get("v1", "Secret", "default", name);
    if (status !== 200) throw new Error(`${name}: ${status} ${body.message}`);
    return Buffer.from(body.data.key1, "base64").toString();
  }

  async write(object: KubeObject): Promise<void> {
    await this.plane.client.must(object);
  }
}

describe("a cluster of learn-06 on the real API server and etcd, minikube's part stood in for", function () {
  this.timeout(240_000);
  this.bail(true); // one story: each step begins where the one before it ended
  const cluster = new Cluster("new");

  before(async () => {
    await Promise.all([registrationsOf(STACK), registrationsOf(STACK, ROTATED)]);
    await cluster.prepare();
  });
  after(() => cluster.close());

  it("starts with the file and the flags that the program gives minikube", async () => {
    const result = await cluster.run("minikube", "create");
    assert.equal(result.code, 0, result.stderr);
    const start = cluster.minikube.calls.find(([verb]) => verb === "start") ?? [];
    assert.ok(start.includes(`--extra-config=apiserver.encryption-provider-config=${nodePath(STACK)}`));
    assert.equal(statSync(nodePath(STACK)).mode & 0o777, 0o600);
  });

  it("has nothing left to do then, and says which key writes", async () => {
    const result = await cluster.run("encryption", "create");
    assert.equal(result.code, 0, result.stderr);
    assert.deepEqual(JSON.parse(result.stdout), { key: "key1", provider: "secretbox", resources: ["secrets"] });
  });

  it("keeps the stack's Secret as ciphertext in etcd, and gives it in clear through the API", async () => {
    for (const { object } of inDependencyOrder(await registrationsOf(STACK))) await cluster.write(object);
    assert.equal(await cluster.read("a-secret"), "supersecret");
    const stored = await cluster.raw(secretPath("a-secret"));
    assert.ok(stored.startsWith(KEY1), `etcd holds ${JSON.stringify(stored.slice(0, 40))}`);
    assert.ok(!stored.includes("supersecret"));
  });

  it("leaves other kinds as they are", async () => {
    await cluster.write({ ...secret("plain", ""), kind: "ConfigMap", data: { word: "visible" } });
    assert.ok((await cluster.raw("/registry/configmaps/default/plain")).includes("visible"));
  });

  it("keeps it so after stop and start", async () => {
    await cluster.stopAndStart();
    assert.equal(await cluster.read("a-secret"), "supersecret");
    await cluster.write(secret("after-restart", "still encrypted"));
    assert.ok((await cluster.raw(secretPath("after-restart"))).startsWith(KEY1));
  });

  it("shows the key nowhere but on stdin: not in arguments, environment or output of a step", async () => {
    for (const name of ["minikube", "encryption"]) {
      const { inputs } = await step(name);
      const key = JSON.parse(text(inputs.stdin) ?? "{}").key.secret;
      assert.equal(Buffer.from(key, "base64").length, 32);
      const parts = [inputs.create, fields(inputs.environment), cluster.minikube.calls, cluster.outputs];
      assert.ok(!parts.some((part) => JSON.stringify(part).includes(key)), `${name} shows the key`);
    }
  });
});

describe("a cluster from before encryption on the real API server and etcd, minikube's part stood in for", function () {
  this.timeout(240_000);
  this.bail(true);
  const cluster = new Cluster("old");
  const home = minikubeHome({ MINIKUBE_HOME: cluster.minikube.home });

  before(async () => {
    await cluster.prepare();
    const result = await cluster.run("minikube", "create", { stack: stackWithoutEncryption() });
    assert.equal(result.code, 0, result.stderr);
    await cluster.write(secret("before", "written in clear"));
    await cluster.write({ ...secret("plain", ""), kind: "ConfigMap", data: { word: "visible" } });
  });
  after(() => cluster.close());

  it("is restarted with the flags when the program is applied, which alone rewrites nothing", async () => {
    const result = await cluster.run("minikube", "update");
    assert.equal(result.code, 0, result.stderr);
    cluster.plane.client.forget();
    assert.ok((await cluster.raw(secretPath("before"))).includes("written in clear"));
    await cluster.write(secret("a-secret", "supersecret"));
    assert.ok((await cluster.raw(secretPath("a-secret"))).startsWith(KEY1));
  });

  it("has its old Secrets rewritten by the step after it", async () => {
    const result = await cluster.run("encryption", "create");
    assert.equal(result.code, 0, result.stderr);
    assert.ok((await cluster.raw(secretPath("before"))).startsWith(KEY1));
    assert.equal(await cluster.read("before"), "written in clear");
  });

  it("gets another key, and ConfigMaps encrypted too, by configuration, while readers go on and none fails", async () => {
    const names = ["a-secret", "before"];
    const failures: string[] = [];
    let reads = 0;
    let reading = true;
    const readers = names.map(async (name) => {
      while (reading) {
        await cluster.read(name).then(
          () => reads++,
          (error: Error) => failures.push(error.message),
        );
        await sleep(20);
      }
    });
    const result = await cluster.run("encryption", "update", { config: ROTATED });
    reading = false;
    await Promise.all(readers);
    assert.equal(result.code, 0, result.stderr);
    assert.deepEqual(failures, []);
    assert.ok(reads > 500, `only ${reads} reads`);
    for (const name of names)
      assert.ok((await cluster.raw(secretPath(name))).startsWith(KEY2), `${name} is not rewritten`);
    assert.ok((await cluster.raw("/registry/configmaps/default/plain")).startsWith(KEY2));
    for (const file of [nodePath(STACK), hostPath(home, STACK)]) {
      const document = readFileSync(file, "utf8");
      assert.ok(document.includes("key2") && !document.includes("key1"), `${file} still has the old key`);
    }
  });

  it("gives the same Secrets after the next stop and start with the new key alone", async () => {
    await cluster.stopAndStart();
    assert.equal(await cluster.read("before"), "written in clear");
  });

  describe("when the key is lost", () => {
    const kept = join(context().directory, "kept.yaml");

    before(() => cpSync(nodePath(STACK), kept));
    beforeEach(() => cluster.stop());

    it("does not start without its file and says which one it misses; with the file back, all is there", async () => {
      rmSync(nodePath(STACK));
      rmSync(hostPath(home, STACK), { force: true });
      await assert.rejects(
        cluster.minikube.start(),
        /error reading encryption provider configuration file|no such file or directory/,
      );
      cpSync(kept, nodePath(STACK));
      await cluster.minikube.start();
      assert.equal(await cluster.read("before"), "written in clear");
    });

    it("with another key of the same name reads fail; the program says how to get the Secrets back, and that does it", async () => {
      const other = `secret: ${Buffer.alloc(32, 7).toString("base64")}`;
      writeFileSync(nodePath(STACK), readFileSync(kept, "utf8").replace(/secret: .*/g, other));
      cluster.minikube.startInVain();
      const failure = await eventually("a read that fails", 60, async () => {
        const { status, body } = await cluster.plane.client.get("v1", "Secret", "default", "before");
        return status >= 400 && status !== 401 && status !== 403 ? `${status} ${JSON.stringify(body)}` : null;
      });
      assert.match(failure, /^5\d\d|^429/);
      const answer = await cluster.run("encryption", "update", { config: ROTATED });
      assert.equal(answer.code, 1);
      assert.match(answer.stderr, /To get the Secrets back, take the file away and run the same command again/);
      for (const path of [hostPath(home, STACK), nodePath(STACK)]) {
        assert.match(answer.stderr, new RegExp(`rm ${path}(\\n|$)`));
        rmSync(path, { force: true });
      }
      const again = await cluster.run("encryption", "update", { config: ROTATED });
      assert.equal(again.code, 0, again.stderr);
      assert.equal(await cluster.read("before"), "written in clear");
    });
  });
});
