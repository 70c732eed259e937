import assert from "node:assert/strict";
import fc from "fast-check";
import { chooseByWeight, evenly } from "../../../lab/gateway/matching/weights.ts";
import { parseDuration } from "../../../lab/topology/duration.ts";

describe("weights of backendRefs (BackendRef.weight)", () => {
  it("choose each entry for its share of the numbers", () => {
    const entries = [{ weight: 1 }, { weight: 0 }, { weight: 3 }];
    assert.equal(
      chooseByWeight(entries, () => 0),
      entries[0],
    );
    assert.equal(
      chooseByWeight(entries, () => 0.2499),
      entries[0],
    );
    assert.equal(
      chooseByWeight(entries, () => 0.25),
      entries[2],
    );
    assert.equal(
      chooseByWeight(entries, () => 0.9999),
      entries[2],
    );
  });
  it("choose nothing among none or only zeros", () => {
    assert.equal(
      chooseByWeight([], () => 0),
      undefined,
    );
    assert.equal(
      chooseByWeight([{ weight: 0 }], () => 0),
      undefined,
    );
    assert.equal(
      chooseByWeight([{ weight: 0 }, { weight: 0 }], () => 0.5),
      undefined,
    );
  });
  it("come out within two percent of a hundred requests with evenly spread numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 4 }), (weights) => {
        const entries = weights.map((weight) => ({ weight }));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const random = evenly();
        const counts = new Map<object, number>();
        for (let i = 0; i < 100; i += 1) {
          const chosen = chooseByWeight(entries, random);
          if (chosen !== undefined) counts.set(chosen, (counts.get(chosen) ?? 0) + 1);
        }
        for (const entry of entries) {
          const share = (entry.weight / total) * 100;
          assert.ok(Math.abs((counts.get(entry) ?? 0) - share) <= 3, `${counts.get(entry)} for ${share}`);
        }
      }),
    );
  });
});

describe("durations (GEP-2257)", () => {
  for (const [text, expected] of [
    ["1h30m", 5_400_000],
    ["500ms", 500],
    ["0s", 0],
    ["10s", 10_000],
    ["1.5s", undefined],
    ["10", undefined],
    ["", undefined],
    ["-1s", undefined],
  ] as const) {
    it(`"${text}" is ${expected === undefined ? "none" : `${expected} ms`}`, () => {
      assert.equal(parseDuration(text), expected);
    });
  }
});
