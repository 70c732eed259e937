import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { readProject } from "../../lab/rehearsal/engine/project.ts";
import { kindOf, planOf } from "../../lab/rehearsal/plan/plan.ts";
import { planText } from "../../lab/rehearsal/plan/plan-text.ts";
import { prepare, run } from "../../lab/rehearsal/prepare.ts";
import { rehearseConfig } from "../../lab/rehearsal/rehearse.ts";
import { manyApps } from "../../tools/bench/program.ts";
import { golden } from "../support/golden.ts";

async function planned(stack: string) {
  const { registrations, project } = await run(await prepare(stack), { run: "here", preview: true });
  return planOf(stack, project, registrations);
}

describe("the plan of a stack", function () {
  this.timeout(60_000);

  for (const stack of ["learn-01", "learn-05", "learn-06"]) {
    it(`of ${stack} is a tree that a person understands`, async () => {
      golden("rehearsal", `plan-${stack}.txt`, `${stripVTControlCharacters(planText(await planned(stack)))}\n`);
    });
  }

  it("goes on below the branch of a resource where its line is wider than the terminal", async () => {
    const text = stripVTControlCharacters(planText(await planned("learn-05"), 60));
    assert.deepEqual(
      text.split("\n").filter((line) => line.length > 60),
      [],
    );
    const policies = [
      "│  ├─ ValidatingAdmissionPolicy",
      "│  │    safe-upgrades.gateway.networking.k8s.io",
      "│  └─ ValidatingAdmissionPolicyBinding",
      "│       safe-upgrades.gateway.networking.k8s.io",
      "├─ istio IstioAmbient",
    ];
    assert.ok(text.includes(`\n${policies.join("\n")}\n`), text);
  });

  it("is the same for every run, whatever the order in which requests arrive", async () => {
    const [one, two] = [await planned("learn-03"), await planned("learn-03")];
    assert.deepEqual(one, two);
    const { registrations, project } = await run(await prepare("learn-03"), { run: "here", preview: true });
    assert.deepEqual(planOf("learn-03", project, [...registrations].reverse()), one);
  });

  it("counts every resource but the stack and names every Release with its version", async () => {
    const plan = await planned("learn-05");
    const { registrations } = await run(await prepare("learn-05"), { run: "here", preview: true });
    const total = Object.values(plan.counts).reduce((sum, count) => sum + count, 0);
    assert.equal(total, registrations.length - 1);
    const names = plan.releases.map(({ name }) => name);
    assert.deepEqual(names, ["cert-manager", "istio-base", "istio-cni", "istiod", "metallb", "vault", "ztunnel"]);
    for (const { name, version } of plan.releases) assert.match(version, /^v?\d+\.\d+\.\d+$/, name);
  });

  it("calls a resource by its kind", () => {
    assert.equal(kindOf("kubernetes:gateway.networking.k8s.io/v1:Gateway"), "Gateway");
    assert.equal(kindOf("pulumi:providers:kubernetes"), "Provider");
    assert.equal(kindOf("learn:apps:Echo"), "Echo");
  });

  it("takes a stack with 200 applications", async () => {
    const project = await readProject();
    const config = manyApps(200, { values: { "pulumi:disable-default-providers": '["kubernetes"]' }, secretKeys: [] });
    const { registrations } = await rehearseConfig("many", "", config, project, { run: "here", preview: true });
    assert.equal(registrations.filter(({ type }) => type === "learn:apps:Echo").length, 200);
  });
});
