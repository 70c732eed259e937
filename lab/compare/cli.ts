import { Command } from "commander";
import { rehearse } from "../rehearsal/rehearse.ts";
import { topologyOf } from "../stack/topology.ts";
import { runMain } from "../terminal/main.ts";
import { compare } from "./compare.ts";
import { comparisonText } from "./text.ts";

/** `npm run compare -- learn-01 learn-05`: what moved where between two prototypes. */
async function main(): Promise<number> {
  const command = new Command("compare")
    .description("what moved where between two prototypes, field by field")
    .argument("<left>", "a stack, such as learn-01")
    .argument("<right>", "another stack, such as learn-05")
    .option("--json", "for programs");
  command.parse();
  const [left = "", right = ""] = command.args;
  const comparison = compare(topologyOf(await rehearse(left)), topologyOf(await rehearse(right)));
  const { json } = command.opts<{ json?: true }>();
  const text = json
    ? JSON.stringify(comparison, undefined, 2)
    : comparisonText(left, right, comparison, process.stdout.columns ?? 120);
  process.stdout.write(`${text}\n`);
  return 0;
}

await runMain(main);
