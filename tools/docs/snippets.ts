import { stripVTControlCharacters } from "node:util";
import { compare } from "../../lab/compare/compare.ts";
import { comparisonText } from "../../lab/compare/text.ts";
import { readManifests } from "../../lab/manifests/read.ts";
import { pathsText } from "../../lab/rehearsal/paths-text.ts";
import { planOf } from "../../lab/rehearsal/plan/plan.ts";
import { planText } from "../../lab/rehearsal/plan/plan-text.ts";
import { stage } from "../../lab/rehearsal/rehearsal.ts";
import type { Rehearsed } from "../../lab/rehearsal/rehearse.ts";
import { answersText } from "../../lab/rehearsal/report-text.ts";
import { prototypeOf, topologyOf } from "../../lab/stack/topology.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import { check } from "../../lab/wiring/check.ts";
import { textReport } from "../../lab/wiring/report.ts";
import { fenced } from "./markdown.ts";

/*
 * What commands print, for the documentation: made by the code behind the command, without what differs from run to run
 * (ports, dates, times).
 */

/** The plan of a stack, one line for each component. */
export function planSnippet({ stack, project, registrations }: Rehearsed): string {
  const lines = plain(planText(planOf(stack, project, registrations))).split("\n");
  return fenced(lines.filter((line, i) => i === 0 || /^[├└]/.test(line)).join("\n"), "text");
}

/** Request paths, wiring and answers of a stack. */
export async function rehearsalSnippet(rehearsed: Rehearsed): Promise<string> {
  const rehearsal = await stage(rehearsed, prototypeOf(rehearsed), { directory: "out" });
  await rehearsal.gateway.close();
  const { topology, findings, outcomes } = rehearsal;
  const paths = pathsText(topology).map((line) => `  ${line}`);
  const wiring = textReport(findings, topology.objects.objects);
  const text = ["Request paths", ...paths, "", "Wiring", `  ${wiring}`, "", "Answers", answersText(outcomes)].join(
    "\n",
  );
  return fenced(plain(text), "text");
}

/** How one application differs between two stacks. */
export function compareSnippet(left: Rehearsed, right: Rehearsed, app: string): string {
  const declared = (one: Rehearsed) => ({ topology: topologyOf(one), apps: prototypeOf(one).apps });
  const comparison = compare(declared(left), declared(right));
  const apps = comparison.apps.filter((one) => one.app === app);
  const only = { apps, onlyLeft: [], onlyRight: [], objectsOnlyLeft: [], objectsOnlyRight: [] };
  return fenced(plain(comparisonText(left.stack, right.stack, only, 120)), "text");
}

/** What the check says to a file of manifests. */
export async function checkSnippet(file: string): Promise<string> {
  const topology = buildTopology(await readManifests([file]));
  return fenced(plain(textReport(await check(topology), topology.objects.objects)), "text");
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[ \t]+$/gm, "");
}
