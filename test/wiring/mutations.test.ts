import assert from "node:assert/strict";
import { buildTopology } from "../../lab/topology/topology.ts";
import { check } from "../../lab/wiring/check.ts";
import { validSet } from "./example.ts";
import { knownSet } from "./known.ts";
import { mutations } from "./mutations.ts";

describe("one broken wire in the example", () => {
  const known = knownSet({ complete: true });
  for (const { name, objects, expectedRules } of mutations(validSet(), known)) {
    it(`is found: ${name}`, async () => {
      const rules = (await check(buildTopology(objects, known))).map(({ rule }) => rule);
      assert.ok(
        rules.some((rule) => expectedRules.includes(rule)),
        `expected ${expectedRules}, found ${rules}`,
      );
    });
  }
});
