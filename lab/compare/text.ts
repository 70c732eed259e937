import Table from "cli-table3";
import { wrapText } from "../pictures/wrap.ts";
import pc from "../terminal/colours.ts";
import type { AppComparison, Comparison } from "./compare.ts";
import type { Fact } from "./facts.ts";
import { MARKS } from "./marks.ts";

/** The comparison as a terminal shows it, `width` columns wide. */
export function comparisonText(left: string, right: string, comparison: Comparison, width: number): string {
  return [
    ...comparison.apps.map((app) => appText(left, right, app, width)),
    comparison.apps.length === 0 ? "No application is in both stacks." : legend(),
    "",
    only("Applications", left, comparison.onlyLeft),
    only("Applications", right, comparison.onlyRight),
    only("Objects", left, comparison.objectsOnlyLeft),
    only("Objects", right, comparison.objectsOnlyRight),
  ]
    .filter((part) => part !== undefined)
    .join("\n");
}

function legend(): string {
  return `${pc.dim("=")} same   ${pc.dim("→")} same, said in another field   ${pc.dim("≠")} something else   ${pc.dim("+ −")} only on one side`;
}

function appText(left: string, right: string, { app, moves }: AppComparison, width: number): string {
  const column = Math.max(24, Math.floor((width - 26) / 2));
  const table = new Table({
    head: ["", app, left, right],
    colWidths: [3, 18, column, column],
    style: { head: pc.isColorSupported ? ["bold"] : [], border: pc.isColorSupported ? ["gray"] : [] },
  });
  // a space is left on either side of a cell
  const wrapped = (facts: readonly Fact[]) => cell(facts, column - 2);
  for (const { topic, from, to, kind } of moves) table.push([MARKS[kind].sign, topic, wrapped(from), wrapped(to)]);
  return `${table.toString()}\n`;
}

function cell(facts: readonly Fact[], width: number): string {
  if (facts.length === 0) return pc.dim("–");
  return facts
    .flatMap(({ value, where }) => [value, `↳ ${where}`])
    .flatMap((line) => wrapText(line, width))
    .join("\n");
}

function only(what: string, stack: string, names: readonly string[]): string | undefined {
  return names.length === 0
    ? undefined
    : `${what} only in ${pc.bold(stack)}:\n${names.map((name) => `  ${name}`).join("\n")}\n`;
}
