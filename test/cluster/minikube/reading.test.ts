import assert from "node:assert/strict";
import { join } from "node:path";
import { readEvent } from "../../../components/cluster/minikube/events.ts";
import { minikubeHome } from "../../../components/cluster/minikube/home.ts";
import { powerOf } from "../../../components/cluster/minikube/observe.ts";
import { clusterIdentifier, settingsOf } from "../../../components/cluster/minikube/settings.ts";
import { startArguments } from "../../../components/cluster/minikube/start-arguments.ts";

describe("minikube's directory", () => {
  const user = join("/", "home", "me");
  it("is below the user's home, below MINIKUBE_HOME, or MINIKUBE_HOME itself", () => {
    assert.equal(minikubeHome({}, user).root, join(user, ".minikube"));
    assert.equal(minikubeHome({ MINIKUBE_HOME: "" }, user).root, join(user, ".minikube"));
    assert.equal(minikubeHome({ MINIKUBE_HOME: join("/", "big") }, user).root, join("/", "big", ".minikube"));
    assert.equal(
      minikubeHome({ MINIKUBE_HOME: join("/", "big", ".minikube") }, user).root,
      join("/", "big", ".minikube"),
    );
    assert.equal(minikubeHome({}, user).profile("learn-05"), join(user, ".minikube", "profiles", "learn-05"));
  });
});

describe("minikube status", () => {
  const status = (Host: string, APIServer = Host, Kubeconfig = "Configured") =>
    JSON.stringify({ Name: "x", Host, Kubelet: Host, APIServer, Kubeconfig, Worker: false });
  it("tells running, stopped and gone", () => {
    assert.equal(powerOf(status("Running")), "running");
    assert.equal(powerOf(status("Stopped")), "stopped");
    assert.equal(powerOf(status("Nonexistent")), "gone");
  });
  it("takes a paused or broken API server, and a stale kubeconfig, for something that a start mends", () => {
    assert.equal(powerOf(status("Running", "Paused")), "stopped");
    assert.equal(powerOf(status("Running", "Error")), "stopped");
    assert.equal(powerOf(status("Running", "Running", "Misconfigured")), "stopped");
  });
  it("reads the control plane of several nodes, and nothing into what it does not understand", () => {
    assert.equal(powerOf(`[${status("Running")},${status("Stopped")}]`), "running");
    for (const text of ["", "[]", "{}", "* Profile not found", '{"type":"io.k8s.sigs.minikube.error"}'])
      assert.equal(powerOf(text), "unknown", text);
  });
});

describe("a line of minikube start", () => {
  const line = (type: string, data: object) =>
    JSON.stringify({ specversion: "1.0", type: `io.k8s.sigs.minikube.${type}`, data });
  const cases: [string, string, object][] = [
    [
      "a step",
      line("step", { currentstep: "5", totalsteps: "19", message: "Creating container" }),
      { kind: "progress", text: "[5/19] Creating container" },
    ],
    [
      "a download",
      line("download", { currentstep: "4", totalsteps: "19", artifact: "preload.tar" }),
      { kind: "progress", text: "[4/19] Downloading preload.tar" },
    ],
    ["its percentage", line("download.progress", { progress: "0.5", artifact: "x" }), { kind: "silent", text: "" }],
    ["a warning", line("warning", { message: "low memory" }), { kind: "warning", text: "low memory" }],
    [
      "an error with advice",
      line("error", { message: "no docker", advice: "start it", exitcode: "69" }),
      { kind: "error", text: "no docker\nstart it" },
    ],
    ["plain text", "  * something  ", { kind: "progress", text: "* something" }],
    ["nothing", "", { kind: "silent", text: "" }],
    ["other JSON", "42", { kind: "progress", text: "42" }],
  ];
  for (const [what, text, event] of cases) it(`is understood: ${what}`, () => assert.deepEqual(readEvent(text), event));
});

describe("settings of a cluster", () => {
  const config = {
    driver: "docker",
    cpus: 2,
    memory: "4g",
    containerRuntime: "containerd",
    switchContext: false,
  } as const;
  const of = (changes: object = {}) =>
    settingsOf("learn-01", { ...config, ...changes }, { kubernetes: "v1.36.4" }, false);

  it("name the profile after the stack, or as told", () => {
    assert.equal(of().profile, "learn-01");
    assert.equal(of({ profile: "mine" }).profile, "mine");
  });

  it("become flags of minikube start, given or left out", () => {
    const full = startArguments(of({ disk: "40g", subnet: "192.168.60.0/24", switchContext: true }));
    assert.ok(full.includes("--disk-size=40g") && full.includes("--subnet=192.168.60.0/24"));
    assert.ok(!full.includes("--keep-context"));
    const plain = startArguments(of());
    assert.ok(plain.includes("--keep-context"));
    assert.ok(!plain.some((flag) => /disk-size|subnet|extra-config/.test(flag)));
  });

  it("make another cluster when any fixed one changes, and only then", () => {
    const same = clusterIdentifier(of(), "g");
    assert.match(same, /^learn-01-[0-9a-f]{16}$/);
    assert.equal(clusterIdentifier(of({ switchContext: true }), "g"), same);
    for (const changes of [
      { cpus: 3 },
      { memory: "5g" },
      { driver: "podman" },
      { containerRuntime: "docker" },
      { disk: "9g" },
      { subnet: "10.0.0.0/24" },
    ])
      assert.notEqual(clusterIdentifier(of(changes), "g"), same);
    assert.notEqual(clusterIdentifier(of(), "h"), same);
  });
});
