import pc from "picocolors";
import { formatRef } from "../manifests/object.ts";
import type { Broken, Diagnosis } from "./diagnosis.ts";

/** For each path: that it holds, or its first broken wire, what it means and what to do next. */
export function diagnosesText(diagnoses: readonly Diagnosis[]): string {
  const broken = diagnoses.filter((diagnosis) => diagnosis.broken !== undefined).length;
  const blocks = diagnoses.map(({ path, broken: wire }) =>
    wire === undefined ? `${pc.green("✓")} ${path}` : `${pc.red("✗")} ${path}\n${brokenText(wire)}`,
  );
  const sum =
    diagnoses.length === 0
      ? "nothing to examine: the cluster has no Gateway, route or Ingress"
      : broken === 0
        ? pc.green(
            `${diagnoses.length} paths, every wire holds as far as the cluster tells; if an answer is still wrong, ask \`npm run verify\` how it reaches the address`,
          )
        : pc.red(`${broken} of ${diagnoses.length} are broken; mend the first one first`);
  return [...blocks, "", sum].join("\n");
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
