import assert from "node:assert/strict";
import type { Sourced } from "../../lab/manifests/object.ts";
import type { Known } from "../../lab/topology/known.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import { check } from "../../lab/wiring/check.ts";
import { type Finding, formatEnds } from "../../lab/wiring/finding.ts";
import { CASES, type Case } from "./cases.ts";
import { objects, validSet } from "./example.ts";
import { assertGolden } from "./golden.ts";
import { knownSet } from "./known.ts";

const findings = (set: readonly Sourced[], known: Known): Promise<Finding[]> => check(buildTopology(set, known));
const told = ({ rule, severity }: Finding) => (severity === "warning" ? `${rule} W` : rule);
const valid = ({ more }: Case): Sourced[] => [...validSet(), ...(more === undefined ? [] : objects(more))];

const broken = (one: Case): Promise<Finding[]> => {
  const set = valid(one);
  one.break(set);
  return findings(set, one.knownBroken ?? one.known ?? knownSet());
};

describe("wiring rules", () => {
  it("find nothing in a set in which every wire holds", async () => {
    assert.deepEqual(await findings(validSet(), knownSet()), []);
  });

  for (const one of CASES) {
    it(`${one.rule}: ${one.title}`, async () => {
      assert.deepEqual(await findings(valid(one), one.known ?? knownSet()), [], "the set before the mistake");
      const rules = new Set((await broken(one)).map(told));
      assert.ok(rules.delete(one.rule), `expected ${one.rule}, found ${[...rules]}`);
      assert.deepEqual(
        [...rules].map((rule) => rule.split(" ")[0]),
        (one.also ?? []).filter((rule) => rule !== one.rule),
      );
    });
  }

  it("tell each mistake in the words of the golden file", async () => {
    const lines: string[] = [];
    for (const one of CASES) {
      lines.push(`# ${one.rule}: ${one.title}`);
      for (const finding of await broken(one)) {
        lines.push(`${told(finding)}  ${formatEnds(finding)}`, `  ${finding.message}`, `  fix: ${finding.fix}`);
      }
      lines.push("");
    }
    assertGolden(import.meta.dirname, "rules.txt", lines.join("\n"));
  });

  it("are all tried here", () => {
    const numbers = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
    const all = [...numbers("W", 39), "W20a", "W20b", ...numbers("I", 6), "SCHEMA"];
    const tried = new Set(CASES.map(({ rule }) => rule.split(" ")[0]));
    assert.deepEqual(
      all.filter((rule) => !tried.has(rule)),
      [],
    );
  });
});
