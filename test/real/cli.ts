import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import pc from "../../lab/terminal/colours.ts";
import { runMain } from "../../lab/terminal/main.ts";
import { VisibleError } from "../../lab/terminal/visible-error.ts";
import type { PartResult } from "./inside.ts";
import type { Context } from "./lab/context.ts";
import { runInside, whyNoNamespaces } from "./lab/namespace.ts";
import { type Part, parts } from "./parts.ts";
import { crdDirectories, sourceDirectories } from "./toolbox/crds.ts";
import { goVersion } from "./toolbox/go.ts";
import { withProgress } from "./toolbox/progress.ts";
import { Toolbox } from "./toolbox/toolbox.ts";

const OUT = fileURLToPath(new URL("../../out/test-real/", import.meta.url));
const SPECS = fileURLToPath(new URL("./specs/", import.meta.url));

function chosenParts(only: readonly string[]): readonly Part[] {
  const unknown = only.find((name) => !parts.some((part) => part.name === name));
  if (unknown)
    throw new VisibleError(`there is no part "${unknown}"; parts are ${parts.map((p) => p.name).join(", ")}`);
  return only.length === 0 ? parts : parts.filter((part) => only.includes(part.name));
}

/** Why the real parts cannot run on this machine, or null. */
async function whyNot(): Promise<string | null> {
  if ((await goVersion()) === null) return "Go is not installed, and etcd, the API server and Vault are built with it";
  return whyNoNamespaces();
}

/** Data and logs of this run of a part; those of runs that have ended are removed, so that only the last failure is kept. */
function directoryOf(part: Part): string {
  const parent = join(OUT, part.name);
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent))
    if (!isRunning(Number(name))) rmSync(join(parent, name), { recursive: true, force: true });
  return join(parent, String(process.pid));
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

interface RunOptions {
  readonly grep: string | undefined;
  readonly signal: AbortSignal;
  /** output is shown when the part has ended, because others run beside it */
  readonly quiet: boolean;
}

async function runPart(part: Part, toolbox: Toolbox, { grep, signal, quiet }: RunOptions): Promise<PartResult> {
  const directory = directoryOf(part);
  const context: Context = {
    part: part.name,
    directory,
    programs: await toolbox.programs(part.modules, part.programs),
    crds: part.crds ? await crdDirectories() : {},
    sources: await sourceDirectories(part.sources ?? []),
  };
  const start = Date.now();
  if (!quiet) process.stdout.write(`\n${pc.bold(part.name)}\n`);
  let result: PartResult | null = null;
  const output = await runInside({
    args: part.specs.map((spec) => join(SPECS, spec)),
    env: { LEARN_REAL: JSON.stringify(context), ...(grep ? { LEARN_REAL_GREP: grep } : {}) },
    onMessage: (message) => {
      result = message as PartResult;
    },
    signal,
    quiet,
  });
  if (quiet) process.stdout.write(`\n${pc.bold(part.name)}\n${output}`);
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  const counts: PartResult = result ?? { passed: 0, failed: 1, skipped: 0 };
  if (counts.failed > 0) process.stdout.write(pc.red(`logs of ${part.name} are kept in ${directory}\n`));
  else rmSync(directory, { recursive: true, force: true });
  process.stdout.write(`${part.name}: ${counts.passed} passed, ${counts.failed} failed in ${seconds} s\n`);
  return counts;
}

/** Runs the parts, `jobs` at a time. */
async function runParts(
  chosen: readonly Part[],
  jobs: number,
  toolbox: Toolbox,
  options: Omit<RunOptions, "quiet">,
): Promise<PartResult[]> {
  const waiting = [...chosen];
  const results: PartResult[] = [];
  const quiet = jobs > 1 && chosen.length > 1;
  const worker = async () => {
    for (let part = waiting.shift(); part && !options.signal.aborted; part = waiting.shift())
      results.push(await runPart(part, toolbox, { ...options, quiet }));
  };
  const work = Promise.all(Array.from({ length: jobs }, worker));
  await (quiet ? withProgress(`testing ${chosen.map(({ name }) => name).join(", ")}`, () => work) : work);
  return results;
}

async function main(): Promise<number> {
  const program = new Command("test:real")
    .description("Proves the program on the real etcd, API server and Vault, in network namespaces of its own.")
    .option("--only <part...>", `run only these parts: ${parts.map((part) => part.name).join(", ")}`, [])
    .option("--grep <text>", "run only tests whose names match")
    .option("--build", "build the tools and run nothing")
    .option("--jobs <number>", "parts that run at the same time: they wait more than they work", "4")
    .parse();
  const options = program.opts<{ only: string[]; grep?: string; build?: boolean; jobs: string }>();
  const chosen = chosenParts(options.only.flatMap((names) => names.split(",")));
  const total: PartResult = { passed: 0, failed: 0, skipped: 0 };

  const reason = await whyNot();
  if (reason !== null) {
    const verdict = process.env.CI === "true" ? "failed, because CI must prove them" : "skipped";
    process.stdout.write(`${reason}: ${chosen.map((part) => part.name).join(", ")} ${verdict}\n`);
    total.skipped = chosen.length;
  } else {
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop.abort());
    const toolbox = new Toolbox();
    // every build is queued now, in the order of the parts: they go on while earlier parts are tested
    for (const part of chosen) toolbox.programs(part.modules, part.programs).catch(() => undefined);
    if (options.build) await Promise.all(chosen.map((part) => toolbox.programs(part.modules, part.programs)));
    else
      for (const counts of await runParts(chosen, Number(options.jobs), toolbox, {
        grep: options.grep,
        signal: stop.signal,
      })) {
        total.passed += counts.passed;
        total.failed += counts.failed;
        total.skipped += counts.skipped;
      }
    if (stop.signal.aborted) throw new VisibleError("interrupted; everything that was started has been stopped", 1);
  }
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  const skippedInCi = process.env.CI === "true" && total.skipped > 0;
  return total.failed > 0 || skippedInCi ? 1 : 0;
}

await runMain(main);
