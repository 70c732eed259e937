import assert from "node:assert/strict";
import { inotifyWarning } from "../../../components/cluster/preflight/inotify.ts";
import { preflight, preflightMessage } from "../../../components/cluster/preflight/preflight.ts";
import { isOlder } from "../../../components/cluster/preflight/requirements.ts";
import { driverTool, kubectlTool } from "../../../components/cluster/preflight/tools.ts";
import { type Run, run, runTool, type ToolResult } from "../../../components/cluster/run-tool.ts";
import type { ClusterConfig } from "../../../config/schema.ts";

const versions = { minikube: "v1.39.0", kubernetes: "v1.36.4" };
const config = (changes: object = {}): ClusterConfig => ({
  minikube: {
    driver: "docker",
    cpus: 4,
    memory: "8g",
    containerRuntime: "containerd",
    switchContext: false,
    ...changes,
  },
});
const says = (stdout: string): ToolResult => ({ code: 0, stdout, stderr: "" });
const good: Record<string, ToolResult> = {
  minikube: says("v1.39.0\n"),
  kubectl: says('{"clientVersion":{"major":"1","gitVersion":"v1.36.4"},"kustomizeVersion":"v5.7.1"}'),
  docker: says("29.1.0\n"),
};
const machine =
  (changes: Record<string, ToolResult | undefined> = {}): Run =>
  async (tool) =>
    ({ ...good, ...changes })[tool];
const complaintsOf = async (run: Run, of: ClusterConfig = config()) =>
  (await preflight(of, versions, run, () => undefined)).complaints;

describe("looking at the machine before anything is created", () => {
  it("finds nothing wrong with what is new enough", async () => {
    assert.deepEqual(await complaintsOf(machine()), []);
    assert.deepEqual(await complaintsOf(machine({ minikube: says("v1.40.0-beta.0") })), []);
  });

  it("names each missing program, what is needed and where to get it, all at once", async () => {
    assert.deepEqual(await complaintsOf(async () => undefined), [
      "minikube: not found, needs 1.39.0 or newer. Get it: https://minikube.sigs.k8s.io/docs/start/",
      "kubectl: not found, needs 1.35 or newer. Get it: https://kubernetes.io/docs/tasks/tools/",
      "docker: not found, needs 20.10 or newer. Get it: https://docs.docker.com/get-started/get-docker/",
    ]);
  });

  it("names the version it found", async () => {
    const old = {
      minikube: says("v1.34.0"),
      kubectl: says('{"clientVersion":{"gitVersion":"v1.30.1"}}'),
      docker: says("19.03.8"),
    };
    const [minikube, kubectl, docker] = await complaintsOf(machine(old));
    assert.match(minikube ?? "", /^minikube: found 1\.34\.0, needs 1\.39\.0 or newer/);
    assert.match(kubectl ?? "", /^kubectl: found 1\.30\.1, needs 1\.35 or newer/);
    assert.match(docker ?? "", /^docker: found 19\.03\.8, needs 20\.10 or newer/);
  });

  it("tells a daemon that does not run from a program that is not there", async () => {
    const stderr =
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\nmore";
    const [docker] = await complaintsOf(machine({ docker: { code: 1, stdout: "", stderr } }));
    assert.equal(
      docker,
      "docker: installed, but fails: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?. Start Docker, and see that you may use it: docker info",
    );
  });

  it("says so when it cannot read a version", async () => {
    const [minikube] = await complaintsOf(machine({ minikube: says("development build") }));
    assert.match(minikube ?? "", /^minikube: found, but its version cannot be read, needs 1\.39\.0/);
  });

  it("looks for the program behind the driver, if there is one", async () => {
    for (const [driver, tool] of [
      ["podman", "podman"],
      ["kvm2", "virsh"],
      ["vfkit", "vfkit"],
      ["virtualbox", "VBoxManage"],
    ]) {
      const [complaint] = await complaintsOf(machine(), config({ driver }));
      assert.match(complaint ?? "", new RegExp(`^${tool}: not found`));
    }
    assert.deepEqual(await complaintsOf(machine(), config({ driver: "hyperv" })), []);
    assert.equal(driverTool("qemu2", "arm64")?.tool, "qemu-system-aarch64");
    assert.deepEqual(await complaintsOf(machine({ virsh: says("10.0.0") }), config({ driver: "kvm2" })), []);
  });

  it("takes a kubectl one minor older than the cluster, as Kubernetes does", () => {
    assert.equal(kubectlTool("v1.36.4").least, "1.35");
    assert.equal(kubectlTool().least, "1.31");
  });

  it("looks for an existing cluster's context, with the nearest one and all there are", async () => {
    const run: Run = async (_tool, args) => (args.includes("get-contexts") ? says("prod\nstaging\n") : good.kubectl);
    assert.deepEqual(await complaintsOf(run, { context: "prod" }), []);
    assert.deepEqual(await complaintsOf(run, { context: "prd" }), [
      'learn:cluster.context: no context "prd" in your kubeconfig (did you mean prod?); it has prod, staging. See: kubectl config get-contexts',
    ]);
    const empty: Run = async (_tool, args) => (args.includes("get-contexts") ? says("") : good.kubectl);
    const [none] = await complaintsOf(empty, { context: "prod", kubeconfig: "/x/config" });
    assert.match(none ?? "", /no context "prod" in \/x\/config; it has none/);
    assert.deepEqual((await complaintsOf(async () => undefined, { context: "prod" })).length, 1);
  });

  it("puts everything into one message that also names the way without a cluster", () => {
    assert.equal(
      preflightMessage("learn-05", ["minikube: not found", "kubectl: not found"]),
      "This machine is not ready for stack learn-05; nothing is made until it is:\n  minikube: not found\n  kubectl: not found\nWithout any of this: npm start -- learn-05",
    );
  });
});

describe("comparing versions", () => {
  it("goes by numbers, whatever stands around them", () => {
    for (const [found, least] of [
      ["1.9", "1.10"],
      ["v1.38.1", "1.39.0"],
      ["19.03.8", "20.10"],
      ["4", "4.9"],
    ] as const)
      assert.ok(isOlder(found, least), `${found} < ${least}`);
    for (const [found, least] of [
      ["1.10", "1.9"],
      ["1.39", "1.39.0"],
      ["v1.39.0-beta.1", "1.39.0"],
      ["29.1.0", "20.10"],
    ] as const)
      assert.ok(!isOlder(found, least), `${found} >= ${least}`);
  });
});

describe("the limits for watching files", () => {
  it("are a warning with the command that raises them, for drivers that share the machine's Linux", async () => {
    const warning = inotifyWarning((limit) => (limit === "max_user_instances" ? "128\n" : "524288\n"));
    assert.equal(
      warning,
      'fs.inotify.max_user_instances is 128, better 512. Pods may fail with "too many open files". To raise it until the next boot: sudo sysctl fs.inotify.max_user_instances=512',
    );
    assert.deepEqual((await preflight(config(), versions, machine(), () => warning)).warnings, [warning]);
    assert.deepEqual((await preflight(config({ driver: "kvm2" }), versions, machine(), () => warning)).warnings, []);
  });

  it("say nothing where they suffice or do not exist", () => {
    assert.equal(
      inotifyWarning(() => "1048576"),
      undefined,
    );
    assert.equal(
      inotifyWarning(() => undefined),
      undefined,
    );
  });
});

describe("running a program of the machine", () => {
  it("gives its output and exit code, and nothing when it does not exist", async () => {
    const ask = runTool();
    const code = "console.log('out'); console.error('err'); process.exitCode = 3";
    assert.deepEqual(await ask(process.execPath, ["-e", code]), { code: 3, stdout: "out\n", stderr: "err\n" });
    assert.equal(await ask("no-such-program-anywhere", []), undefined);
  });

  it("ends one that hangs", async () => {
    const result = await runTool(300)(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    assert.deepEqual(result, { code: 124, stdout: "", stderr: "no answer within 0.3 s" });
  });

  it("tells one that cannot be started from one that is not there", async function () {
    if (process.platform === "win32") this.skip();
    const result = await runTool()(import.meta.dirname, []);
    assert.deepEqual(result, { code: 126, stdout: "", stderr: `spawn ${import.meta.dirname} EACCES` });
  });

  it("does not mind a program that leaves its input unread", async () => {
    const input = "x".repeat(5_000_000);
    const answer = await run(process.execPath, ["-e", "process.exitCode = 4"], { timeout: 20_000, input });
    assert.equal(answer?.code, 4);
  });
});
