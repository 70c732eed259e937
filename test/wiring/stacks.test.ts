import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { type Rehearsed, rehearse } from "../../lab/rehearsal/rehearse.ts";
import { knownOf } from "../../lab/stack/known.ts";
import { prototypeOf, sourcedObjects, topologyOf } from "../../lab/stack/topology.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import { check } from "../../lab/wiring/check.ts";
import { formatEnds } from "../../lab/wiring/finding.ts";
import { checkSchemas } from "../../lab/wiring/schema/schema.ts";
import { checkWiring } from "../../lab/wiring/wiring.ts";
import { mutations } from "./mutations.ts";

const STACKS = readdirSync("stacks").flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

describe("the wiring of the stacks", () => {
  for (const stack of STACKS) {
    describe(stack, () => {
      let rehearsed: Rehearsed;
      before(async () => {
        rehearsed = await rehearse(stack, { run: "here" });
      });

      it("holds", async () => {
        const findings = await check(topologyOf(rehearsed));
        assert.deepEqual(
          findings.map((finding) => `${finding.rule} ${formatEnds(finding)}: ${finding.message}`),
          [],
        );
      });

      it("shows every single break", async () => {
        const known = knownOf(prototypeOf(rehearsed));
        const original = sourcedObjects(rehearsed);
        const unbroken = new Set(original);
        const missed: string[] = [];
        for (const { name, objects, expectedRules } of mutations(original, known)) {
          const schemas = await checkSchemas(objects.filter((sourced) => !unbroken.has(sourced)));
          const rules = [...checkWiring(buildTopology(objects, known)), ...schemas].map(({ rule }) => rule);
          if (rules.some((rule) => expectedRules.includes(rule))) continue;
          missed.push(`${name}: expected ${expectedRules}, found ${rules}`);
        }
        assert.deepEqual(missed, []);
      });
    });
  }
});
