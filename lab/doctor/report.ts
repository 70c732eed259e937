import { formatRef } from "../manifests/object.ts";
import pc from "../terminal/colours.ts";
import { type Finding, formatEnds } from "../wiring/finding.ts";
import type { Broken, Examination } from "./diagnosis.ts";

/** Entries of docs/troubleshooting.md that a doubtful wire leads to, by the rule that doubts it. */
const TROUBLES: Readonly<Record<string, string>> = {
  W10: "T14",
  W14: "T29",
  W32: "T4",
  W33: "T4",
  W34: "T18",
  W35: "T30",
  W38: "T9",
};

/** For each path: that it holds, or its first broken wire, what it means and what to do next; then what is doubtful. */
export function examinationText({ diagnoses, doubts }: Examination): string {
  const blocks = diagnoses.map(({ path, broken: wire }) =>
    wire === undefined ? `${pc.green("✓")} ${path}` : `${pc.red("✗")} ${path}\n${brokenText(wire)}`,
  );
  return [...blocks, ...doubts.map(doubtText), "", summary({ diagnoses, doubts })].join("\n");
}

function summary({ diagnoses, doubts }: Examination): string {
  const broken = diagnoses.filter((diagnosis) => diagnosis.broken !== undefined).length;
  const paths = `${diagnoses.length} ${diagnoses.length === 1 ? "path" : "paths"}`;
  if (diagnoses.length === 0) {
    return "nothing to examine: the cluster has no Gateway, route, Ingress or Certificate. Is this the cluster you mean?";
  }
  if (broken > 0) {
    return pc.red(`${broken} of ${paths} ${broken === 1 ? "is" : "are"} broken; mend the first one first`);
  }
  const doubtful = doubts.length === 0 ? "" : `, ${doubts.length} doubtful`;
  return pc.green(
    `${paths}, every wire holds as far as the cluster tells${doubtful}; if an answer is still wrong, ask \`npm run verify\` how it reaches the address`,
  );
}

function doubtText(finding: Finding): string {
  const trouble = TROUBLES[finding.rule];
  const see = trouble === undefined ? "" : pc.dim(`  (docs/troubleshooting.md, ${trouble})`);
  return [
    `${pc.yellow("?")} ${formatEnds(finding)}`,
    `    doubtful: ${finding.message} (${finding.rule})${see}`,
    `    ${pc.green("next:")} ${finding.fix}`,
  ].join("\n");
}

function brokenText({ from, to, status, meaning, next, trouble }: Broken): string {
  const ends = to === null ? formatRef(from) : `${formatRef(from)} → ${formatRef(to)}`;
  const see = trouble === undefined ? "" : pc.dim(`  (docs/troubleshooting.md, ${trouble})`);
  return [
    `    ${pc.bold(ends)}`,
    `    it says: ${status}`,
    `    meaning: ${meaning}${see}`,
    `    ${pc.green("next:")} ${next}`,
  ].join("\n");
}
