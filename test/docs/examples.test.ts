import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readManifests } from "../../lab/manifests/read.ts";
import { prepare, run } from "../../lab/rehearsal/prepare.ts";
import { isGood, stage } from "../../lab/rehearsal/rehearsal.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import { check } from "../../lab/wiring/check.ts";

const examples = fileURLToPath(new URL("../../docs/examples/", import.meta.url));

describe("docs/examples", () => {
  it("a stack of one's own rehearses: image, host, cluster, redirect", async () => {
    const prepared = await prepare(`${examples}Pulumi.mine.yaml`);
    const rehearsal = await stage(await run(prepared, { run: "here" }), prepared.prototype, { directory: "out" });
    await rehearsal.gateway.close();
    assert.ok(isGood(rehearsal), JSON.stringify(rehearsal.outcomes));
    assert.deepEqual(rehearsal.findings, []);
    assert.equal(rehearsal.outcomes.length, 3);
    assert.ok(!rehearsal.rehearsed.registrations.some(({ name }) => name.includes("minikube")), "it makes no cluster");
  });

  it("three mistakes are three findings", async () => {
    const findings = await check(buildTopology(await readManifests([`${examples}three-mistakes.yaml`])));
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ["W12", "W15", "W26"],
    );
  });
});
