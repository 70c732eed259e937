import { join } from "node:path";
import pc from "../terminal/colours.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import { readProject } from "./engine/project.ts";
import { writeFiles } from "./output-files.ts";
import { planOf } from "./plan/plan.ts";
import { prepare, run } from "./prepare.ts";
import { isGood, type Rehearsal, stage } from "./rehearsal.ts";
import { stackNames } from "./rehearse.ts";
import { reportJson } from "./report-json.ts";
import { tableText } from "./report-text.ts";

/** Programs at a time: one more brings nothing on two cores and only takes memory. */
const AT_A_TIME = 2;

export interface AllOptions {
  readonly json: boolean;
  readonly planOnly: boolean;
  readonly out: string;
}

/** How one stack fared. */
interface Fared {
  readonly stack: string;
  readonly seconds: number;
  readonly ok: boolean;
  readonly row: readonly string[];
  readonly json: object;
  /** What is wrong, for people. */
  readonly details: readonly string[];
}

/** Rehearses every stack of the project and sums up in a table. 1 when one of them is not as promised. */
export async function rehearseAll({ json, planOnly, out }: AllOptions): Promise<number> {
  // Exercises are broken on purpose.
  const names = (await stackNames(await readProject())).filter((name) => !name.startsWith("exercise-"));
  const fared = await inTurns(names, AT_A_TIME, async (stack) => {
    const one = await (planOnly ? planned(stack) : rehearsed(stack, out));
    process.stderr.write(`${one.ok ? pc.green("✓") : pc.red("✗")} ${stack} ${pc.dim(`${one.seconds.toFixed(1)} s`)}\n`);
    return one;
  });
  if (json)
    process.stdout.write(
      `${JSON.stringify(
        fared.map((one) => one.json),
        null,
        2,
      )}\n`,
    );
  else {
    const head = ["", "stack", "resources", "Releases", "wiring", "certificates", "answers", "seconds"];
    const details = fared.flatMap((one) => one.details.map((line) => `  ${pc.bold(one.stack)}: ${line}`));
    process.stdout.write(
      `${[
        tableText(
          head,
          fared.map(({ row }) => row),
        ),
        ...details,
      ].join("\n")}\n`,
    );
  }
  return fared.every(({ ok }) => ok) ? 0 : 1;
}

async function planned(stack: string): Promise<Fared> {
  return timed(stack, async () => {
    const { registrations, project } = await run(await prepare(stack), { preview: true });
    const plan = planOf(stack, project, registrations);
    return { ok: true, json: plan, cells: [...counts(plan), "", "", ""], details: [] };
  });
}

async function rehearsed(stack: string, out: string): Promise<Fared> {
  return timed(stack, async () => {
    const directory = join(out, stack);
    const prepared = await prepare(stack);
    const rehearsal = await stage(await run(prepared), prepared.prototype, { directory });
    try {
      await writeFiles(rehearsal, directory);
      return {
        ok: isGood(rehearsal),
        json: reportJson(rehearsal, directory),
        cells: [...counts(rehearsal.plan), ...verdicts(rehearsal)],
        details: troubles(rehearsal),
      };
    } finally {
      await rehearsal.gateway.close();
    }
  });
}

interface Done {
  readonly ok: boolean;
  readonly json: object;
  readonly cells: readonly string[];
  readonly details: readonly string[];
}

/** A failing stack is a row of the table like any other. */
async function timed(stack: string, work: () => Promise<Done>): Promise<Fared> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  try {
    const { ok, json, cells, details } = await work();
    const taken = seconds();
    return { stack, seconds: taken, ok, json, details, row: [mark(ok), stack, ...cells, taken.toFixed(1)] };
  } catch (error) {
    if (!(error instanceof VisibleError)) throw error;
    const row = [mark(false), stack, "", "", pc.red("failed"), "", "", seconds().toFixed(1)];
    return {
      stack,
      seconds: seconds(),
      ok: false,
      row,
      json: { stack, ok: false, error: error.message },
      details: [error.message],
    };
  }
}

function counts({ counts: kinds, releases }: ReturnType<typeof planOf>): string[] {
  const total = Object.values(kinds).reduce((sum, count) => sum + count, 0);
  return [String(total), String(releases.length)];
}

function verdicts({ findings, certificates, outcomes }: Rehearsal): string[] {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const refused = certificates.filter(({ issuing }) => "refused" in issuing).length;
  const right = outcomes.filter(({ ok }) => ok).length;
  const share = (good: number, all: number) => (good === all ? `${all}` : pc.red(`${good} of ${all}`));
  return [
    errors > 0 ? pc.red(`${errors} errors`) : warnings > 0 ? pc.yellow(`${warnings} warnings`) : "good",
    share(certificates.length - refused, certificates.length),
    share(right, outcomes.length),
  ];
}

function troubles({ findings, certificates, outcomes }: Rehearsal): string[] {
  return [
    ...findings.filter(({ severity }) => severity === "error").map(({ rule, message }) => `${rule} ${message}`),
    ...certificates.flatMap(({ issuing }) => ("refused" in issuing ? [issuing.refused] : [])),
    ...outcomes.filter(({ ok }) => !ok).map(({ asked, expected, got }) => `${asked}: expected ${expected}, got ${got}`),
  ];
}

function mark(ok: boolean): string {
  return ok ? pc.green("✓") : pc.red("✗");
}

/** Works on all of `items`, some at a time; results in their order. */
async function inTurns<T, R>(items: readonly T[], atATime: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return results;
}
