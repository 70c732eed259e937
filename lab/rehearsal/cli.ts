import { join } from "node:path";
import { Command, Option } from "commander";
import { usageAsTyped } from "../terminal/arguments.ts";
import { runMain } from "../terminal/main.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import { planOnly, rehearseOne } from "./one.ts";

/** What is rehearsed when nothing is named: the prototype that shows everything. */
const DEFAULT_STACK = "learn-05";

interface Options {
  readonly all?: boolean;
  readonly plan?: boolean;
  readonly serve?: boolean;
  readonly open?: boolean;
  readonly json?: boolean;
  readonly ports: "any" | "local" | "listener";
  readonly out: string;
}

const program = usageAsTyped(new Command("start"))
  .description("Rehearses a stack on this machine: plan, wiring, certificates, gateways that answer, pictures")
  .argument("[stack]", `a stack's name or the path of its file (default: ${DEFAULT_STACK})`)
  .option("--all", "rehearse every stack and sum up")
  .option("--plan", "print what would be created, and end")
  .option("--serve", "keep the gateways up and log what they answer; Ctrl-C ends it")
  .option("--open", "open the page with the pictures; its requests are answered while --serve is on")
  .option("--json", "print JSON")
  .addOption(
    new Option(
      "--ports <which>",
      "ports on which --serve listens: any free, local (8080 for 80, 8443 for 443), or the listener's own",
    )
      .choices(["any", "local", "listener"])
      .default("local"),
  )
  .option("--out <directory>", "where files are written", "out")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

void runMain(async () => {
  const [stack] = program.parse().args;
  const options = program.opts<Options>();
  if (program.args.length > 1) throw new VisibleError(`one stack at a time, or --all; got ${program.args.join(" ")}`);
  if (!options.serve && program.getOptionValueSource("ports") === "cli") {
    throw new VisibleError("--ports says where --serve listens: add --serve, or leave out --ports");
  }
  if (options.plan && (options.serve || options.open)) {
    throw new VisibleError("--plan ends before anything is served or drawn: leave out --plan, or --serve and --open");
  }
  if (options.all) {
    if (stack !== undefined) throw new VisibleError(`either --all or a stack, not both: ${stack}`);
    if (options.serve || options.open) throw new VisibleError("--serve and --open need one stack: leave out --all");
    // Loaded only here: it holds all parts of a rehearsal, which a mistyped name need not wait for.
    const { rehearseAll } = await import("./all.ts");
    return rehearseAll({ json: options.json ?? false, planOnly: options.plan ?? false, out: options.out });
  }
  const name = stack ?? DEFAULT_STACK;
  if (options.plan) return planOnly(name, options.json ?? false);
  const { json = false, serve = false, open = false, ports } = options;
  return rehearseOne(name, { json, serve, open, ports, out: join(options.out) });
});
