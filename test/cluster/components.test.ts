import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type Host, imaginedMachine } from "../../components/cluster/host.ts";
import { type ClusterArgs, createCluster } from "../../components/cluster/index.ts";
import type { Profile } from "../../components/cluster/minikube/observe.ts";
import { settingsOf } from "../../components/cluster/minikube/settings.ts";
import type { Stamp } from "../../components/cluster/minikube/stamp.ts";
import { resolveVersions } from "../../config/versions.ts";
import type { Registration } from "../../lab/rehearsal/engine/registration.ts";
import { record } from "../support/registrations.ts";
import { loadPrototype } from "../support/stack-files.ts";

const open = Promise.resolve();

function argsOf(stack: string, changes: Partial<ClusterArgs> = {}): ClusterArgs {
  const { cluster: config, encryption } = loadPrototype(stack);
  const versions = resolveVersions();
  return { stack, config, encryption, versions, metallb: true, gate: open, host: imaginedMachine, ...changes };
}

function environmentOf({ inputs }: Registration): { LEARN_STEP: string; LEARN_PARAMETERS: string } {
  const { environment } = inputs;
  assert.ok(typeof environment === "object" && environment !== null);
  assert.ok("LEARN_STEP" in environment && "LEARN_PARAMETERS" in environment);
  return { LEARN_STEP: String(environment.LEARN_STEP), LEARN_PARAMETERS: String(environment.LEARN_PARAMETERS) };
}

/** A machine with this profile on it, where each fresh value is a new one. */
function machineWith(profile: Profile, complaints: string[] = [], warnings: string[] = []): Host {
  let serial = 0;
  return {
    ...imaginedMachine,
    profile: async () => profile,
    check: async () => ({ complaints, warnings }),
    fresh: () => `fresh-${++serial}`,
  };
}

function stampOf(stack: string): Stamp {
  const { cluster, encryption } = loadPrototype(stack);
  assert.ok(cluster.minikube);
  const { fixed, encrypted } = settingsOf(stack, cluster.minikube, resolveVersions(), encryption !== undefined);
  return { stack, generation: "old", resumed: "r1", phase: "ready", fixed, encrypted, cluster: "uid" };
}

describe("a cluster of the stack's own", () => {
  it("is one command that is replaced, delete first, by whatever minikube cannot change", async () => {
    const seen = await record(() => createCluster(argsOf("learn-05")));
    assert.deepEqual(seen.errors, []);
    const { inputs, options } = seen.named("cluster-minikube");
    assert.deepEqual(inputs.triggers, [
      "profile=learn-05",
      "kubernetes=v1.36.4",
      "driver=docker",
      "containerRuntime=containerd",
      "cpus=4",
      "memory=12g",
      "generation=rehearsal",
    ]);
    assert.deepEqual(options.replaceOnChanges, ["triggers[*]"]);
    assert.equal(options.deleteBeforeReplace, true);
    assert.equal(inputs.create, "node --import tsx/esm components/cluster/minikube/cli.ts create");
    assert.equal(inputs.delete, "node --import tsx/esm components/cluster/minikube/cli.ts delete");
    assert.equal(environmentOf(seen.named("cluster-minikube")).LEARN_STEP, "minikube");
  });

  it("is known by its context in a preview already, but everything on it waits for the command", async () => {
    const seen = await record(() => createCluster(argsOf("learn-05")), { preview: true });
    assert.equal(seen.named("cluster-kubernetes").inputs.context, "learn-05");
    assert.deepEqual(seen.dependenciesOf("cluster-kubernetes"), ["cluster-minikube"]);
  });

  it("takes everything with it when it is replaced: the provider's identity depends on the command, known in a preview too", async () => {
    for (const preview of [false, true]) {
      const seen = await record(() => createCluster(argsOf("learn-05")), { preview });
      const { inputs, propertyDependencies } = seen.named("cluster-kubernetes");
      const { urn } = seen.named("cluster-minikube");
      assert.equal(typeof inputs.clusterIdentifier, "string");
      assert.deepEqual(propertyDependencies.clusterIdentifier, [urn]);
    }
  });

  it("gives the provider another identity when it is another cluster, and the same one when it is only started", async () => {
    const identity = async (profile: Profile) => {
      const seen = await record(() => createCluster(argsOf("learn-05", { host: machineWith(profile) })));
      return seen.named("cluster-kubernetes").inputs.clusterIdentifier;
    };
    const stamp = stampOf("learn-05");
    const running = await identity({ kind: "ours", stamp, power: "running" });
    assert.equal(await identity({ kind: "ours", stamp, power: "stopped" }), running);
    assert.notEqual(await identity({ kind: "ours", stamp, power: "gone" }), running);
    assert.notEqual(await identity({ kind: "absent" }), running);
  });

  it("tells the caller the node's address, its runtime and what it is deleted with", async () => {
    const seen = await record(() => {
      const cluster = createCluster(argsOf("learn-05"));
      cluster.nodeAddress?.apply((address) => assert.equal(address, "192.168.49.2"));
      assert.equal(cluster.containerRuntime, "containerd");
      assert.equal(cluster.addresses, "pool");
      assert.equal(cluster.deletedWith, cluster.provider);
    });
    assert.deepEqual(seen.errors, []);
  });

  it("is not asked for when the program turns out to be broken", async () => {
    const gate = Promise.reject(new Error("a wire is broken"));
    const seen = await record(() => createCluster(argsOf("learn-05", { gate })));
    assert.match(seen.errors.join(), /a wire is broken/);
    const names = seen.registrations.map(({ name }) => name);
    assert.ok(!names.includes("cluster-minikube") && !names.includes("cluster-kubernetes"), names.join());
  });
});

describe("a machine that is not ready", () => {
  const host = machineWith({ kind: "foreign" }, ["minikube: not found, needs 1.39.0 or newer"]);

  it("is told to the program in one message for everything, before anything is made", async () => {
    let shut = (_reason: Error) => {};
    const gate = new Promise<void>((_, reject) => {
      shut = reject;
    });
    const seen = await record(async () => {
      const { checked } = createCluster(argsOf("learn-05", { host, gate }));
      await assert.rejects(checked, (error) => {
        assert.ok(error instanceof pulumi.RunError);
        assert.match(
          error.message,
          /^This machine is not ready for stack learn-05; nothing is made until it is:\n {2}minikube: not found, needs 1\.39\.0 or newer\n {2}minikube profile "learn-05" exists, and stack learn-05 did not make it/,
        );
        assert.match(error.message, /npm start -- learn-05$/);
        return true;
      });
      shut(new Error("the program ends here"));
    });
    assert.ok(seen.registrations.every(({ custom }) => !custom));
  });

  it("is told by whatever waits for it, when the program opens its gate all the same", async () => {
    const seen = await record(() => createCluster(argsOf("learn-05", { host })));
    assert.match(seen.errors.join(), /not ready for stack learn-05/);
    assert.ok(seen.registrations.every(({ custom }) => !custom));
  });

  it("only warns in a preview, which shows the whole plan", async () => {
    const seen = await record(() => createCluster(argsOf("learn-05", { host })), { preview: true });
    assert.deepEqual(seen.errors, []);
    assert.match(seen.warnings.join("\n"), /minikube: not found.*\n.*did not make it/);
    assert.equal(seen.named("cluster-minikube").custom, true);
  });

  it("lets warnings pass", async () => {
    const low = machineWith({ kind: "absent" }, [], ["fs.inotify.max_user_instances is 128"]);
    const seen = await record(() => createCluster(argsOf("learn-05", { host: low })));
    assert.deepEqual([seen.errors, seen.warnings], [[], ["fs.inotify.max_user_instances is 128"]]);
  });
});

describe("encryption at rest in the program", () => {
  it("hands the key to both commands as a secret on standard input, and everything waits for the rotation", async () => {
    const seen = await record(() => createCluster(argsOf("learn-06")), { stack: "learn-06" });
    assert.deepEqual(seen.errors, []);
    const [minikube, rotation] = [seen.named("cluster-minikube"), seen.named("encryption-at-rest-rotation")];
    const { key, resources } = JSON.parse(String(minikube.inputs.stdin));
    assert.deepEqual([key.name, key.provider, resources], ["key1", "secretbox", ["secrets"]]);
    assert.equal(Buffer.from(key.secret, "base64").length, 32);
    assert.equal(rotation.inputs.stdin, minikube.inputs.stdin);
    assert.ok(seen.dependenciesOf("encryption-at-rest-rotation").includes("cluster-minikube"));
    assert.ok(seen.dependenciesOf("cluster-kubernetes").includes("encryption-at-rest-rotation"));
    for (const one of [minikube, rotation]) assert.ok(!JSON.stringify(environmentOf(one)).includes(key.secret));
  });

  it("makes another key for another name", async () => {
    const { encryption } = loadPrototype("learn-06");
    assert.ok(encryption);
    const rotated = { ...encryption, key: "key2" };
    const seen = await record(() => createCluster(argsOf("learn-06", { encryption: rotated })));
    assert.equal(seen.named("encryption-key2").type, "tls:index/privateKey:PrivateKey");
    assert.equal(JSON.parse(String(seen.named("cluster-minikube").inputs.stdin)).key.name, "key2");
  });
});

describe("an existing cluster", () => {
  const existing = (changes: Partial<ClusterArgs["config"]> = {}, metallb = false) =>
    argsOf("learn-05", { config: { context: "prod", ...changes }, encryption: undefined, metallb });

  it("is a provider for its context and nothing else", async () => {
    const seen = await record(() => {
      const cluster = createCluster(existing());
      assert.deepEqual([cluster.deletedWith, cluster.nodeAddress, cluster.ready], [undefined, undefined, []]);
    });
    assert.deepEqual(seen.errors, []);
    const custom = seen.registrations.filter((one) => one.custom);
    assert.deepEqual(
      custom.map(({ name, inputs }) => [name, inputs]),
      [["cluster-kubernetes", { context: "prod", clusterIdentifier: "prod" }]],
    );
    assert.equal(custom[0]?.deletedWith, undefined);
  });

  it("takes a kubeconfig, with ~ for the user's home", async () => {
    const seen = await record(() => {
      const cluster = createCluster(existing({ kubeconfig: "~/clusters/prod.yaml" }));
      assert.match(cluster.kubeconfig ?? "", /^[^~].*prod\.yaml$/);
    });
    assert.match(String(seen.named("cluster-kubernetes").inputs.kubeconfig), /^[^~].*prod\.yaml$/);
  });

  it("gets addresses from MetalLB, from itself, or none", async () => {
    await record(() => {
      assert.equal(createCluster(existing({}, true)).addresses, "pool");
    });
    for (const [loadBalancer, addresses] of [
      [undefined, "provided"],
      [true, "provided"],
      [false, "none"],
    ] as const)
      await record(() =>
        assert.equal(createCluster(existing(loadBalancer === undefined ? {} : { loadBalancer })).addresses, addresses),
      );
  });
});
