import { readFileSync } from "node:fs";
import { fenced, table } from "./markdown.ts";
import { ruleBook, ruleSources } from "./rule-book.ts";

/** A mistake that a test makes, and what the check says to it. */
export interface RuleExample {
  readonly rule: string;
  readonly severity: "error" | "warning";
  readonly title: string;
  readonly said: string;
}

const golden = new URL("../../test/wiring/golden/rules.txt", import.meta.url);

/** The check's own words, from the texts that its tests hold it to. */
export function ruleExamples(): RuleExample[] {
  return readFileSync(golden, "utf8")
    .split(/^# /m)
    .slice(1)
    .map((block) => {
      const [head = "", ...said] = block.trim().split("\n");
      const [, rule = "", warning, title = ""] = /^(\w+)( W)?: (.*)$/.exec(head) ?? [];
      return { rule, severity: warning === undefined ? "error" : "warning", title, said: said.join("\n") };
    });
}

/** All rules with severity and source. */
export function rulesTable(): string {
  const examples = ruleExamples();
  return table(
    ["rule", "demands that", "severity", "source"],
    ruleBook.map(({ rule, demands, source }) => {
      const severities = new Set(examples.filter((one) => one.rule === rule).map(({ severity }) => severity));
      return [
        `[${rule}](#${rule.toLowerCase()})`,
        demands,
        [...severities].join(", "),
        `[${source}](${ruleSources[source]})`,
      ];
    }),
  );
}

/** For each rule what the check says when it is broken. */
export function ruleMessages(): string {
  const examples = ruleExamples();
  return ruleBook
    .map(({ rule, demands }) => {
      const own = examples.filter((one) => one.rule === rule);
      const texts = own.map(({ title, severity, said }) => `${title} (${severity}):\n\n${fenced(said, "text")}`);
      return [`### ${rule}`, `${demands.charAt(0).toUpperCase()}${demands.slice(1)}.`, ...texts].join("\n\n");
    })
    .join("\n\n");
}
