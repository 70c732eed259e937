import { join } from "node:path";
import type { PortChoice } from "../gateway/serving/local-ports.ts";
import { formatTrace, type Trace } from "../gateway/trace.ts";
import pc from "../terminal/colours.ts";
import { openPage } from "../terminal/open-page.ts";
import { withProgress } from "../terminal/progress.ts";
import { planOf } from "./plan/plan.ts";
import { planText } from "./plan/plan-text.ts";
import { prepare, run } from "./prepare.ts";
import type { Rehearsal } from "./rehearsal.ts";

export interface OneOptions {
  readonly json: boolean;
  readonly serve: boolean;
  readonly open: boolean;
  readonly ports: PortChoice;
  /** Files go below this directory, into one of the stack's name. */
  readonly out: string;
}

/** Prints what a stack's program would create, as `pulumi preview` does. */
export async function planOnly(stack: string, json: boolean): Promise<number> {
  const prepared = await prepare(stack);
  const rehearsed = await withProgress(`planning ${prepared.name}`, () => run(prepared, { preview: true }));
  const plan = planOf(rehearsed.stack, rehearsed.project, rehearsed.registrations);
  process.stdout.write(`${json ? JSON.stringify(plan, null, 2) : planText(plan, process.stdout.columns)}\n`);
  return 0;
}

/** Rehearses a stack and prints the report. 1 when an answer differs or a wire is broken. */
export async function rehearseOne(stack: string, options: OneOptions): Promise<number> {
  const { json, serve, open, ports, out } = options;
  const prepared = await prepare(stack);
  const directory = join(out, prepared.name);
  let listening = false;
  const onTrace = (trace: Trace) => {
    if (listening) process.stdout.write(`${json ? JSON.stringify(trace) : formatTrace(trace)}\n`);
  };
  // Loaded while the program runs in its own process.
  const [rehearsed, parts] = await withProgress(`planning ${prepared.name}`, () =>
    Promise.all([run(prepared), loadParts()]),
  );
  const rehearsal = await parts.stage(rehearsed, prepared.prototype, {
    directory,
    ports: serve ? ports : "any",
    onTrace,
  });
  try {
    await parts.writeFiles(rehearsal, directory);
    const report = json
      ? JSON.stringify(parts.reportJson(rehearsal, directory), null, serve ? 0 : 2)
      : parts.reportText(rehearsal, directory, process.stdout.columns);
    process.stdout.write(`${report}\n`);
    if (open) await openPage(join(directory, "index.html"));
    if (serve) {
      listening = true;
      if (!json) process.stdout.write(`${curlText(rehearsal)}\n`);
      await interrupted();
    }
    return parts.isGood(rehearsal) ? 0 : 1;
  } finally {
    await rehearsal.gateway.close();
  }
}

/** Everything that a mistyped name need not wait for. */
async function loadParts() {
  const [{ stage, isGood }, { writeFiles }, { reportText }, { reportJson }, { pageScript }] = await Promise.all([
    import("./rehearsal.ts"),
    import("./output-files.ts"),
    import("./report-text.ts"),
    import("./report-json.ts"),
    import("../pictures/page/bundle.ts"),
  ]);
  await pageScript();
  return { stage, isGood, writeFiles, reportText, reportJson };
}

function curlText({ outcomes }: Rehearsal): string {
  const lines = outcomes.flatMap(({ curl, expected }) =>
    curl === undefined ? [] : [`  ${curl}  ${pc.dim(`# ${expected}`)}`],
  );
  return [
    "",
    pc.bold(pc.underline("Try it")),
    ...lines,
    "",
    pc.dim("Every request is logged below with the listener, route and rule that took it. Ctrl-C ends it."),
  ].join("\n");
}

/** Ctrl-C, or the end of the terminal. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}
