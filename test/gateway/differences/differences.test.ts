import assert from "node:assert/strict";
import { ASSUMED } from "../../../lab/topology/known.ts";
import type { Topology } from "../../../lab/topology/model.ts";
import { buildTopology } from "../../../lab/topology/topology.ts";
import { check } from "../../../lab/wiring/check.ts";
import { DIFFERENCES } from "./differences.ts";
import { differenceObjects, rehearsedAnswers } from "./rehearsed.ts";

describe("requests that Envoy answers in another way than the specification", () => {
  let topology: Topology;
  before(async () => {
    const objects = (await differenceObjects()).map((object) => ({ object }));
    topology = buildTopology(objects, { ...ASSUMED, complete: true });
  });

  it("meet routes without a broken wire", async () => {
    assert.deepEqual(
      (await check(topology)).map(({ rule, message }) => `${rule} ${message}`),
      [],
    );
  });

  for (const virtualHosts of [false, true])
    it(`are answered by the local gateway as documented, ${virtualHosts ? "with" : "without"} --virtual-hosts`, async () => {
      const answers = await rehearsedAnswers(topology, DIFFERENCES, virtualHosts);
      assert.deepEqual(
        answers.map((answer, i) => `${DIFFERENCES[i]?.title}: ${answer}`),
        DIFFERENCES.map((one) => `${one.title}: ${virtualHosts ? one.virtualHosts : one.rehearsal}`),
      );
    });

  it("are differences: Envoy gives another answer than the local gateway by itself", () => {
    assert.deepEqual(
      DIFFERENCES.filter(({ rehearsal, envoy }) => rehearsal === envoy).map(({ title }) => title),
      [],
    );
  });
});
