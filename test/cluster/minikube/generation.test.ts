import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { decideGeneration, processIsAlive } from "../../../components/cluster/minikube/generation.ts";
import type { Power, Profile } from "../../../components/cluster/minikube/observe.ts";
import { planCreate, planDelete, planUpdate } from "../../../components/cluster/minikube/plan.ts";
import type { MinikubeSettings } from "../../../components/cluster/minikube/settings.ts";
import type { Stamp } from "../../../components/cluster/minikube/stamp.ts";
import { minikubeSettings as settings } from "../../support/minikube-settings.ts";

const stamp: Stamp = {
  stack: "learn-05",
  generation: "old",
  resumed: "r1",
  phase: "ready",
  fixed: settings.fixed,
  encrypted: false,
};
const ours = (power: Power, changes: Partial<Stamp> = {}): Profile => ({
  kind: "ours",
  power,
  stamp: { ...stamp, ...changes },
});
const dead = () => false;
const alive = () => true;

describe("which generation of the cluster the program asks for", () => {
  const decide = (profile: Profile, wanted: MinikubeSettings = settings, isAlive = dead) =>
    decideGeneration(profile, wanted, () => "new", isAlive);

  const cases: [string, Profile, object][] = [
    ["nothing there", { kind: "absent" }, { generation: "new", resumed: "" }],
    ["running", ours("running"), { generation: "old", resumed: "r1" }],
    ["stopped", ours("stopped"), { generation: "old", resumed: "new" }],
    ["minikube cannot tell", ours("unknown"), { generation: "old", resumed: "r1" }],
    ["its machine is gone", ours("gone"), { generation: "new", resumed: "" }],
    [
      "a start that did not finish",
      ours("unknown", { phase: "starting", process: 1 }),
      { generation: "new", resumed: "" },
    ],
    ["reset by minikube", ours("unknown", { phase: "lost" }), { generation: "new", resumed: "" }],
    ["encrypted, no longer wanted", ours("running", { encrypted: true }), { generation: "new", resumed: "" }],
    [
      "upgraded by hand",
      { kind: "ours", power: "running", stamp, config: { kubernetes: "v1.37.0", driver: "docker" } },
      { generation: "new", resumed: "" },
    ],
    [
      "just as it was made",
      { kind: "ours", power: "running", stamp, config: { kubernetes: "v1.36.4", driver: "docker" } },
      { generation: "old", resumed: "r1" },
    ],
  ];
  for (const [found, profile, expected] of cases)
    it(`${found}: ${JSON.stringify(expected)}`, () => assert.deepEqual(decide(profile), expected));

  it("changes no generation for settings: those are triggers of their own", () => {
    const wanted = { ...settings, fixed: { ...settings.fixed, cpus: 6 } };
    assert.deepEqual(decide(ours("running"), wanted), { generation: "old", resumed: "r1" });
  });

  it("keeps an encrypted cluster that shall stay so", () => {
    const wanted = { ...settings, encrypted: true };
    assert.equal(decide(ours("running", { encrypted: true }), wanted).generation, "old");
  });

  it("refuses profiles that the stack did not make, with the ways out", () => {
    assert.match(
      decide({ kind: "foreign" }).refusal ?? "",
      /did not make it.*learn:cluster\.minikube\.profile.*minikube delete -p learn-05/,
    );
    assert.match(decide(ours("running", { stack: "mine" })).refusal ?? "", /belongs to stack mine/);
  });

  it("refuses a profile that another process is starting", () => {
    const starting = ours("unknown", { phase: "starting", process: 4711 });
    assert.match(decide(starting, settings, alive).refusal ?? "", /being started right now, by process 4711/);
  });
});

describe("what a command may do to a profile", () => {
  const wanted = { settings, generation: "old", resumed: "r2" };
  const other = { ...wanted, generation: "another" };

  it("creates from nothing and from remains, adopts only its own, refuses all else", () => {
    assert.deepEqual(planCreate({ kind: "absent" }, wanted, dead), { kind: "make", remains: false });
    assert.deepEqual(planCreate(ours("unknown", { phase: "starting" }), wanted, dead), { kind: "make", remains: true });
    assert.deepEqual(planCreate(ours("unknown", { phase: "lost" }), wanted, dead), { kind: "make", remains: true });
    assert.deepEqual(planCreate(ours("gone"), other, dead), { kind: "make", remains: true });
    assert.deepEqual(planCreate(ours("running"), wanted, dead), { kind: "adopt" });
    const resized = { ...wanted, settings: { ...settings, fixed: { ...settings.fixed, memory: "16g" } } };
    for (const plan of [
      planCreate({ kind: "foreign" }, wanted, dead),
      planCreate(ours("running"), other, dead),
      planCreate(ours("running"), resized, dead),
      planCreate(ours("running", { stack: "mine" }), wanted, dead),
      planCreate(ours("unknown", { phase: "starting", process: 1 }), wanted, alive),
    ])
      assert.equal(plan.kind, "refuse");
  });

  it("updates only the very cluster it was", () => {
    assert.deepEqual(planUpdate(ours("stopped"), wanted, dead), { kind: "start" });
    assert.deepEqual(planUpdate(ours("running"), wanted, dead), { kind: "start" });
    for (const profile of [{ kind: "absent" } as const, ours("gone"), ours("running", { phase: "lost" })]) {
      const plan = planUpdate(profile, wanted, dead);
      assert.ok(plan.kind === "refuse" && plan.why.includes("Run the same command again"), plan.kind);
    }
    assert.equal(planUpdate(ours("running"), other, dead).kind, "refuse");
    assert.equal(planUpdate({ kind: "foreign" }, wanted, dead).kind, "refuse");
  });

  it("deletes only the very cluster it made, and leaves others without failing", () => {
    for (const profile of [
      ours("running"),
      ours("stopped"),
      ours("unknown", { phase: "starting" }),
      ours("unknown", { phase: "lost" }),
    ])
      assert.equal(planDelete(profile, wanted).kind, "delete");
    for (const profile of [
      { kind: "absent" } as const,
      { kind: "foreign" } as const,
      ours("running", { stack: "mine" }),
    ])
      assert.equal(planDelete(profile, wanted).kind, "leave");
    assert.equal(planDelete(ours("running"), other).kind, "leave");
  });
});

describe("whether a process is alive", () => {
  it("is told for one that runs and for one that has ended", async () => {
    assert.equal(processIsAlive(process.pid), true);
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    assert.equal(processIsAlive(child.pid ?? 0), false);
  });
});
