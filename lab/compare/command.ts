import { Command } from "commander";
import { prepare, run } from "../rehearsal/prepare.ts";
import { topologyOf } from "../stack/topology.ts";
import { parseArguments } from "../terminal/arguments.ts";
import { withProgress } from "../terminal/progress.ts";
import type { Topology } from "../topology/model.ts";
import { compare } from "./compare.ts";
import { comparisonJson } from "./json.ts";
import { comparisonText } from "./text.ts";

/** `npm run compare -- learn-01 learn-05`: what moved where between two prototypes. */
export async function compareCommand(args: readonly string[]): Promise<number> {
  const program = new Command("compare")
    .description("what moved where between two prototypes, field by field")
    .argument("<left>", "a stack, such as learn-01")
    .argument("<right>", "another stack, such as learn-05")
    .option("--json", "for programs")
    .action(() => undefined);
  const parsed = parseArguments(program, args);
  if (parsed === undefined) return 0;
  const [left = "", right = ""] = parsed;
  const comparison = compare(await topology(left), await topology(right));
  const { json } = program.opts<{ json?: true }>();
  const text = json
    ? JSON.stringify(comparisonJson(comparison), undefined, 2)
    : comparisonText(left, right, comparison, process.stdout.columns ?? 120);
  process.stdout.write(`${text}\n`);
  return 0;
}

async function topology(stack: string): Promise<Topology> {
  const prepared = await prepare(stack);
  return topologyOf(await withProgress(`planning ${prepared.name}`, () => run(prepared)));
}
