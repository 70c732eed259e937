import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { pageScript } from "../pictures/page/bundle.ts";
import { storyOf } from "../pictures/story.ts";
import { writePageFile } from "../pictures/write.ts";
import { type PreparedStack, prepare, run } from "../rehearsal/prepare.ts";
import { topologyOf } from "../stack/topology.ts";
import { parseArguments } from "../terminal/arguments.ts";
import { openPage } from "../terminal/open-page.ts";
import { withProgress } from "../terminal/progress.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import { compare } from "./compare.ts";
import { comparisonJson } from "./json.ts";
import { type Side, writeComparePage } from "./page.ts";
import { comparisonText } from "./text.ts";

/**
 * `npm run compare -- learn-01 learn-05`: what moved where between two prototypes, as text and as a page below
 * `out/compare`. With `--json` nothing is written.
 */
export async function compareCommand(args: readonly string[]): Promise<number> {
  const program = new Command("compare")
    .description("Tells what moved where between two prototypes, field by field")
    .argument("<left>", "a stack, such as learn-01")
    .argument("<right>", "another stack, such as learn-05")
    .option("--json", "for programs; writes no page")
    .option("--open", "open the page")
    .option("--out <directory>", "where the page is written, below compare", "out")
    .action(() => undefined);
  const parsed = parseArguments(program, args);
  if (parsed === undefined) return 0;
  const { json, open, out } = program.opts<{ json?: true; open?: true; out: string }>();
  if (json && open) throw new VisibleError("either --json, which writes no page, or --open, not both");
  const [first = "", second = ""] = parsed;
  const prepared = [await prepare(first), await prepare(second)] as const;
  const [left, right] = [await sideOf(prepared[0]), await sideOf(prepared[1])];
  const comparison = compare(left, right);
  if (json) {
    process.stdout.write(`${JSON.stringify(comparisonJson(comparison), undefined, 2)}\n`);
    return 0;
  }
  process.stdout.write(`${comparisonText(left.stack, right.stack, comparison, process.stdout.columns ?? 120)}\n`);
  const directory = join(out, "compare", `${left.stack}--${right.stack}`);
  const page = await writePageFile(directory, writeComparePage(left, right, await pageScript("fields")));
  process.stdout.write(`${shownPath(page)}  the same as a page, with the YAML of every field\n`);
  if (open) await openPage(page);
  return 0;
}

async function sideOf(prepared: PreparedStack): Promise<Side> {
  const { name, file, prototype } = prepared;
  const topology = topologyOf(await withProgress(`planning ${name}`, () => run(prepared)));
  return { stack: name, story: storyOf(await readFile(file, "utf8")), topology, apps: prototype.apps };
}
