import assert from "node:assert/strict";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { execa } from "execa";
import { wantedKeyOf } from "../../../components/cluster/encryption/encryption-key.ts";
import { encryptionFile } from "../../../components/cluster/encryption/place.ts";
import { clusterProbe } from "../../../components/cluster/minikube/cluster-probe.ts";
import { decideGeneration } from "../../../components/cluster/minikube/generation.ts";
import { minikubeHome } from "../../../components/cluster/minikube/home.ts";
import { observeProfile } from "../../../components/cluster/minikube/observe.ts";
import type { Wanted } from "../../../components/cluster/minikube/plan.ts";
import { create, remove, update, type World } from "../../../components/cluster/minikube/run.ts";
import type { MinikubeSettings } from "../../../components/cluster/minikube/settings.ts";
import { readProfile } from "../../../components/cluster/minikube/stamp.ts";
import { minikubeTool } from "../../../components/cluster/minikube/tool.ts";
import { StepFailure } from "../../../components/commands/script.ts";
import { type FakeMachine, fakeMachine } from "../../support/fake-machine.ts";
import { minikubeSettings as plain } from "../../support/minikube-settings.ts";

const encrypted: MinikubeSettings = { ...plain, encrypted: true };
const key = wantedKeyOf("pem", { provider: "secretbox", key: "key1", resources: ["secrets"] });

describe("the command that makes a minikube cluster", () => {
  let machine: FakeMachine;
  let lines: string[];
  let world: World;
  beforeEach(() => {
    machine = fakeMachine();
    lines = [];
    const home = minikubeHome(machine.env);
    const report = (line: string) => lines.push(line);
    const cluster = clusterProbe(machine.run, async () => undefined);
    world = {
      home,
      minikube: minikubeTool(machine.runMinikube, report),
      cluster,
      report,
      observe: (name) => observeProfile(name, home, machine.run),
    };
  });
  afterEach(() => machine.remove());

  let serial = 0;
  /** What the program would hand over now: it looks at the profile first. */
  const decide = async (settings: MinikubeSettings = plain): Promise<Wanted> => {
    const decided = decideGeneration(
      await world.observe(settings.profile),
      settings,
      () => `g${++serial}`,
      () => false,
    );
    assert.equal(decided.refusal, undefined);
    return { settings, generation: decided.generation, resumed: decided.resumed };
  };
  const fileOf = (settings: MinikubeSettings) =>
    settings.encrypted ? encryptionFile(world.home, settings.profile, key) : undefined;
  const make = async (settings: MinikubeSettings = plain) => {
    const wanted = await decide(settings);
    return { wanted, result: await create(wanted, fileOf(settings), world) };
  };
  const stamp = () => {
    const profile = readProfile(world.home.profile("learn-05"));
    assert.equal(profile.kind, "ours");
    return profile.stamp;
  };
  const starts = () => machine.calls("start ");
  const deletes = () => machine.calls("delete ");

  it("makes a new cluster with every setting, keeps the user's context, and shows each step", async () => {
    const { wanted, result } = await make();
    assert.deepEqual(result, {
      ip: "192.168.49.2",
      context: "learn-05",
      kubernetes: "v1.36.4",
      generation: wanted.generation,
    });
    const [start = ""] = starts();
    for (const flag of [
      "--profile=learn-05",
      "--kubernetes-version=v1.36.4",
      "--driver=docker",
      "--container-runtime=containerd",
      "--cpus=4",
      "--memory=8g",
      "--keep-context",
    ])
      assert.ok(start.includes(flag), flag);
    assert.deepEqual(lines, ["[0/19] minikube v1.39.0 on Linux", "[19/19] Done!"]);
    assert.equal(stamp().phase, "ready");
  });

  it("changes nothing when the program looks again at a running cluster", async () => {
    const { wanted } = await make();
    assert.deepEqual(await decide(), wanted);
  });

  it("starts a stopped cluster by an update, after which the program sees no change", async () => {
    const { wanted } = await make();
    await machine.run("minikube", ["stop", "--profile=learn-05"]);
    const resumed = await decide();
    assert.equal(resumed.generation, wanted.generation);
    assert.notEqual(resumed.resumed, wanted.resumed);
    await update(resumed, undefined, world);
    assert.equal(starts().length, 2);
    assert.deepEqual(await decide(), resumed);
  });

  it("asks for another cluster after the profile was deleted by hand", async () => {
    const { wanted } = await make();
    await machine.run("minikube", ["delete", "--profile=learn-05"]);
    const again = await decide();
    assert.notEqual(again.generation, wanted.generation);
    await remove(wanted, encryptionFile(world.home, "learn-05"), world);
    assert.match(lines.at(-1) ?? "", /gone already/);
    await create(again, undefined, world);
    assert.deepEqual(await decide(), again);
  });

  it("asks for another cluster after its container was taken away, and sweeps up what is left", async () => {
    const { wanted } = await make();
    writeFileSync(machine.path("machines.json"), "{}");
    const again = await decide();
    assert.notEqual(again.generation, wanted.generation);
    await remove(wanted, encryptionFile(world.home, "learn-05"), world);
    assert.equal(existsSync(world.home.profile("learn-05")), false);
  });

  it("tells minikube's own words when a start fails, and leaves nothing behind that no state knows", async () => {
    machine.behave({ minikube: { failStart: "Failed to start docker container" } });
    await assert.rejects(make(encrypted), (error) => {
      assert.ok(error instanceof StepFailure);
      assert.match(
        error.message,
        /minikube start failed \(exit code 80\):\nFailed to start docker container\nRestart Docker/,
      );
      return true;
    });
    assert.ok(lines.includes("! Your memory is low"));
    assert.ok(!lines.some((line) => line.includes("Failed to start")), "told once, as the failure");
    assert.equal(existsSync(world.home.profile("learn-05")), false);
    assert.equal(machine.read("files/var/lib/minikube/certs/learn-05-encryption.yaml"), "");
    machine.behave({ minikube: {} });
    await make(encrypted);
  });

  it("makes a cluster anew when the last attempt was interrupted", async () => {
    machine.behave({ minikube: { hang: true } });
    const wanted = await decide();
    const interrupted = runScript("create", wanted);
    while (!existsSync(machine.path("profiles/learn-05/config.json"))) await new Promise((go) => setTimeout(go, 20));
    interrupted.kill("SIGTERM");
    assert.notEqual((await interrupted).exitCode, 0);
    assert.equal(stamp().phase, "starting");
    machine.behave({});
    const again = await decide();
    assert.notEqual(again.generation, wanted.generation);
    await create(again, undefined, world);
    assert.equal(stamp().phase, "ready");
  });

  it("makes a cluster anew when it was interrupted before minikube knew the profile", async () => {
    const wanted = await decide();
    mkdirSync(world.home.profile("learn-05"), { recursive: true });
    const half = {
      stack: "learn-05",
      generation: "g0",
      resumed: "",
      phase: "starting",
      fixed: plain.fixed,
      encrypted: false,
    };
    writeFileSync(machine.path("profiles/learn-05/learn-stamp.json"), JSON.stringify(half));
    machine.behave({ minikube: { failDelete: "profile does not exist" } });
    await create(wanted, undefined, world);
    assert.equal(stamp().generation, wanted.generation);
  });

  it("takes a cluster that came up just before the interruption, as long as it is empty", async () => {
    const { wanted } = await make();
    assert.equal((await create(wanted, undefined, world)).generation, wanted.generation);
    machine.behave({ kubectl: { namespaces: ["mango"] } });
    await assert.rejects(
      create(wanted, undefined, world),
      /this Pulumi state does not know .*minikube delete -p learn-05/,
    );
    machine.behave({ kubectl: { inDefault: ["secret/a-secret"] } });
    await assert.rejects(create(wanted, undefined, world), /this Pulumi state does not know/);
    assert.equal(deletes().length, 0);
  });

  it("never touches a profile that somebody else made", async () => {
    const wanted = { settings: plain, generation: "g", resumed: "" };
    await machine.run("minikube", ["start", "--profile=learn-05"]);
    for (const verb of [create, update])
      await assert.rejects(
        verb(wanted, undefined, world),
        /stack learn-05 did not make it; it is left alone\. .*learn:cluster\.minikube\.profile/,
      );
    await remove(wanted, encryptionFile(world.home, "learn-05"), world);
    assert.match(lines.at(-1) ?? "", /no longer the cluster that this stack made; it is left alone/);
    assert.deepEqual([starts().length, deletes().length], [1, 0]);
  });

  it("deletes its cluster together with the key's file", async () => {
    const { wanted } = await make(encrypted);
    await remove(wanted, encryptionFile(world.home, "learn-05"), world);
    assert.equal(existsSync(world.home.profile("learn-05")), false);
    assert.equal(machine.read("files/var/lib/minikube/certs/learn-05-encryption.yaml"), "");
  });

  it("keeps everything when deleting fails", async () => {
    const { wanted } = await make(encrypted);
    machine.behave({ minikube: { failDelete: "Docker is not running" } });
    await assert.rejects(remove(wanted, encryptionFile(world.home, "learn-05"), world), /Docker is not running/);
    assert.notEqual(machine.read("files/var/lib/minikube/certs/learn-05-encryption.yaml"), "");
  });

  it("notices that minikube reset a cluster while starting it, and has it made anew by the next run", async () => {
    const { wanted } = await make();
    await machine.run("minikube", ["stop", "--profile=learn-05"]);
    machine.behave({ minikube: { resetOnStart: true } });
    await assert.rejects(
      update(await decide(), undefined, world),
      /everything on it is gone.*Run the same command again/,
    );
    machine.behave({ minikube: {} });
    const again = await decide();
    assert.notEqual(again.generation, wanted.generation);
    await remove(wanted, encryptionFile(world.home, "learn-05"), world);
    await create(again, undefined, world);
  });

  it("encrypts from the first Secret on: file and flags are there when the API server first starts", async () => {
    await make(encrypted);
    const path = "files/var/lib/minikube/certs/learn-05-encryption.yaml";
    assert.match(machine.read(path), /secretbox:\n\s+keys:\n\s+- name: key1/);
    if (process.platform !== "win32") assert.equal(statSync(machine.path(path)).mode & 0o777, 0o600);
    const [start = ""] = starts();
    assert.match(
      start,
      /--extra-config=apiserver\.encryption-provider-config=\/var\/lib\/minikube\/certs\/learn-05-encryption\.yaml/,
    );
    assert.match(start, /--extra-config=apiserver\.encryption-provider-config-automatic-reload=true/);
    assert.ok(!machine.calls().join("\n").includes(key.key.secret));
  });

  it("restarts an existing cluster with file and flags when encryption is switched on", async () => {
    const { wanted } = await make();
    const next = await decide(encrypted);
    assert.equal(next.generation, wanted.generation);
    await update(next, fileOf(encrypted), world);
    assert.match(starts()[1] ?? "", /encryption-provider-config=/);
    assert.match(machine.read("nodes/learn-05/var/lib/minikube/certs/learn-05-encryption.yaml"), /key1/);
    assert.equal(stamp().encrypted, true);
  });

  it("leaves the keys alone when an encrypted cluster is started again: only the rotation may change them", async () => {
    await make(encrypted);
    const path = "files/var/lib/minikube/certs/learn-05-encryption.yaml";
    const before = machine.read(path);
    await machine.run("minikube", ["stop", "--profile=learn-05"]);
    const other = wantedKeyOf("pem", { provider: "secretbox", key: "key2", resources: ["secrets"] });
    await update(await decide(encrypted), encryptionFile(world.home, "learn-05", other), world);
    assert.equal(machine.read(path), before);
  });

  it("asks for another cluster when encryption is switched off, because nobody would decrypt", async () => {
    const { wanted } = await make(encrypted);
    assert.notEqual((await decide(plain)).generation, wanted.generation);
  });

  it("asks for another cluster when somebody upgraded this one by hand", async () => {
    const { wanted } = await make();
    const file = machine.path("profiles/learn-05/config.json");
    writeFileSync(file, JSON.stringify({ Driver: "docker", KubernetesConfig: { KubernetesVersion: "v1.37.0" } }));
    assert.notEqual((await decide()).generation, wanted.generation);
  });

  it("says where to get minikube when it is gone by the time the command runs", async () => {
    const wanted = await decide();
    machine.missing.add("minikube");
    await assert.rejects(create(wanted, undefined, world), /minikube is not installed\. Get it: https:/);
  });

  it("is a script: parameters in the environment, keys on standard input, one JSON document on stdout", async () => {
    const wanted = { settings: encrypted, generation: "g1", resumed: "" };
    const made = await runScript("create", wanted);
    assert.equal(made.stderr, "[0/19] minikube v1.39.0 on Linux\n[19/19] Done!");
    const result = { ip: "192.168.49.2", context: "learn-05", kubernetes: "v1.36.4", generation: "g1" };
    assert.deepEqual(JSON.parse(made.stdout), result);
    assert.deepEqual([(await runScript("delete", wanted)).stdout, deletes().length], ["{}", 1]);
  });

  const runScript = (verb: string, parameters: object) =>
    execa(process.execPath, ["--import", "tsx/esm", "components/cluster/minikube/cli.ts", verb], {
      env: { ...machine.env, LEARN_STEP: "minikube", LEARN_PARAMETERS: JSON.stringify(parameters) },
      input: JSON.stringify(key),
      reject: false,
    });
});
