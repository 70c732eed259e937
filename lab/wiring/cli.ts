import { Command } from "commander";
import { readManifests } from "../manifests/read.ts";
import { runMain } from "../terminal/main.ts";
import { manifestPaths, takesManifests } from "../terminal/manifest-arguments.ts";
import { withProgress } from "../terminal/progress.ts";
import { buildTopology } from "../topology/topology.ts";
import { check, hasErrors } from "./check.ts";
import { jsonReport, textReport } from "./report.ts";

const program = takesManifests(new Command("check"))
  .description("Checks the wiring of Kubernetes manifests: gateways, routes, Services, pods, certificates, issuers.")
  .option("--json", "print the findings as a JSON array")
  .addHelpText("after", "\nExit code: 0 nothing wrong (warnings allowed), 1 errors found, 2 unreadable input.");

await runMain(async () => {
  const paths = manifestPaths(program, process.argv.slice(2));
  if (paths === undefined) return 0;
  const objects = await withProgress("reading manifests", () => readManifests(paths));
  const topology = buildTopology(objects);
  const findings = await withProgress(`checking ${topology.objects.objects.length} objects`, () => check(topology));
  const { json = false } = program.opts<{ json?: boolean }>();
  process.stdout.write(`${json ? jsonReport(findings) : textReport(findings, topology.objects.objects)}\n`);
  return hasErrors(findings) ? 1 : 0;
});
