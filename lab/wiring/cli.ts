import { Command, CommanderError } from "commander";
import { readManifests } from "../manifests/read.ts";
import { runMain } from "../terminal/main.ts";
import { withProgress } from "../terminal/progress.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import { buildTopology } from "../topology/topology.ts";
import { check, hasErrors } from "./check.ts";
import { jsonReport, textReport } from "./report.ts";

const program = new Command("npm run check --")
  .description("Checks the wiring of Kubernetes manifests: gateways, routes, Services, pods, certificates, issuers.")
  .option("-f, --filename <file|dir|->", "manifests, YAML or JSON; may be given several times", collect, [])
  .option("--json", "print the findings as a JSON array")
  .addHelpText("after", "\nExit code: 0 nothing wrong (warnings allowed), 1 errors found, 2 unreadable input.")
  .exitOverride();

await runMain(async () => {
  const options = parse(process.argv);
  if (options === undefined) return 0;
  if (options.filename.length === 0)
    throw new VisibleError("nothing to check: name manifests with -f FILE, -f DIR or -f -");
  const objects = await withProgress("reading manifests", () => readManifests(options.filename));
  const topology = buildTopology(objects);
  const findings = await withProgress(`checking ${topology.objects.objects.length} objects`, () => check(topology));
  process.stdout.write(`${options.json ? jsonReport(findings) : textReport(findings, topology.objects.objects)}\n`);
  return hasErrors(findings) ? 1 : 0;
});

function collect(value: string, all: string[]): string[] {
  return [...all, value];
}

/** The options; undefined when only help was asked for. */
function parse(argv: readonly string[]): { filename: string[]; json?: boolean } | undefined {
  try {
    return program.parse(argv).opts();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    // Commander has already said on standard error what is wrong.
    throw new VisibleError("see npm run check -- --help");
  }
}
