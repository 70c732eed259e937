import { join } from "node:path";
import { readProject } from "../../lab/rehearsal/engine/project.ts";
import { readStackConfig } from "../../lab/rehearsal/engine/stack-config.ts";
import { stackNames } from "../../lab/rehearsal/rehearse.ts";
import { type Cost, emptyProject, least, manyApps, planCost } from "./program.ts";
import { atMost, type Verdict } from "./verdict.ts";

/** Told after each measurement. */
export type Tell = (line: string) => void;

/** Planning every stack against the smallest TypeScript program through the same run path: CPU time of its process. */
export async function benchStacks(rounds: number, tell: Tell): Promise<Verdict[]> {
  const [project, empty] = [await readProject(), await emptyProject()];
  const names = await stackNames(project);
  const costs = new Map<string, Cost[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ["", ...names]) {
      const cost =
        name === ""
          ? await planCost(empty, "empty", { values: {}, secretKeys: [] })
          : await planCost(
              project,
              name,
              await readStackConfig(join(project.stackDirectory, `Pulumi.${name}.yaml`), project),
            );
      costs.set(name, [...(costs.get(name) ?? []), cost]);
    }
    tell(`planned every stack, round ${round + 1} of ${rounds}`);
  }
  const base = least(costs.get("") ?? []).cpuSeconds;
  return names.map((name) =>
    atMost(`planning ${name} ÷ an empty program`, least(costs.get(name) ?? []).cpuSeconds / base, 1.5),
  );
}

const SIZES = [10, 100, 500, 1000] as const;

/** How time and memory of planning grow with the number of applications, beyond what a stack without any costs. */
export async function benchGrowth(rounds: number, tell: Tell): Promise<Verdict[]> {
  const project = await readProject();
  const base = await readStackConfig(join(project.stackDirectory, "Pulumi.learn-05.yaml"), project);
  const costs = new Map<number, Cost>();
  for (const size of [0, ...SIZES]) {
    const runs: Cost[] = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await planCost(project, "many", manyApps(size, base)));
    const cost = least(runs);
    costs.set(size, cost);
    tell(`planned ${size} applications: ${cost.cpuSeconds.toFixed(1)} s CPU, ${cost.peakMegabytes.toFixed(0)} MB`);
  }
  const beyond = (size: number, field: "cpuSeconds" | "peakMegabytes") =>
    (costs.get(size)?.[field] ?? 0) - (costs.get(0)?.[field] ?? 0);
  return [
    atMost(
      "time of 1000 applications ÷ of 500, beyond the start",
      beyond(1000, "cpuSeconds") / beyond(500, "cpuSeconds"),
      2.2,
    ),
    atMost(
      "memory of 1000 applications ÷ of 500, beyond the start",
      beyond(1000, "peakMegabytes") / beyond(500, "peakMegabytes"),
      2.2,
    ),
    atMost(
      "time of 1000 applications ÷ of 100, beyond the start",
      beyond(1000, "cpuSeconds") / beyond(100, "cpuSeconds"),
      11,
    ),
  ];
}
