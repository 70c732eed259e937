import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { ruleBook } from "../../tools/docs/rule-book.ts";
import { ruleExamples } from "../../tools/docs/rules-page.ts";

const rules = new URL("../../lab/wiring/rules/", import.meta.url);

describe("the rule book", () => {
  const book = ruleBook.map(({ rule }) => rule);

  it("has every rule of the check, and no other", () => {
    const source = readdirSync(rules)
      .map((file) => readFileSync(new URL(file, rules), "utf8"))
      .join("\n");
    const used = new Set([...source.matchAll(/"([WI]\d+[ab]?)"/g)].map(([, rule = ""]) => rule));
    assert.deepEqual([...used, "SCHEMA"].sort(), [...book].sort());
  });

  it("shows for every rule what the check says", () => {
    const shown = new Set(ruleExamples().map(({ rule }) => rule));
    assert.deepEqual(
      book.filter((rule) => !shown.has(rule)),
      [],
    );
  });
});
