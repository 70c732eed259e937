import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Project } from "../../lab/rehearsal/engine/project.ts";
import { readProject } from "../../lab/rehearsal/engine/project.ts";
import { configOf, type StackConfig } from "../../lab/rehearsal/engine/stack-config.ts";
import { rehearseConfig } from "../../lab/rehearsal/rehearse.ts";

/** What one run of a program cost. */
export interface Cost {
  /** Wall clock, from the start of its process to its end. */
  readonly seconds: number;
  /** User and system time of the program's own process. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

const MEASURE = fileURLToPath(new URL("measure.cjs", import.meta.url));

/** Plans (previews) a program through the language host's run path and measures its process. */
export async function planCost(project: Project, stack: string, config: StackConfig): Promise<Cost> {
  const directory = await mkdtemp(join(tmpdir(), "learn-bench-"));
  const file = join(directory, "cost.json");
  process.env.LEARN_MEASURE = file;
  try {
    const measured = { ...project, nodeArgs: [...project.nodeArgs, "--require", MEASURE] };
    const start = performance.now();
    await rehearseConfig(stack, "", config, measured, { preview: true });
    const seconds = (performance.now() - start) / 1000;
    const { cpuSeconds, peakMegabytes } = JSON.parse(await readFile(file, "utf8"));
    return { seconds, cpuSeconds, peakMegabytes };
  } finally {
    delete process.env.LEARN_MEASURE;
    await rm(directory, { recursive: true });
  }
}

/** The smallest program there is. */
export async function emptyProject(): Promise<Project> {
  return readProject(fileURLToPath(new URL("empty", import.meta.url)));
}

/** A stack with that many echo applications behind one shared Gateway: all that fits into one environment variable. */
export function manyApps(count: number, base: StackConfig): StackConfig {
  const apps = Object.fromEntries(
    Array.from({ length: count }, (_, at) => {
      const name = `app${String(at).padStart(5, "0")}`;
      return [name, { echo: name, gateway: { parent: "edge", routes: [{ path: `/${name}` }] } }];
    }),
  );
  return configOf({
    ...Object.fromEntries(Object.entries(base.values).filter(([key]) => key.startsWith("pulumi:"))),
    "learn:cluster": { minikube: {} },
    "learn:platform": { metallb: {}, gatewayApi: {}, istio: {} },
    "learn:gateways": { edge: { listeners: { http: { protocol: "HTTP", port: 80, allowedRoutes: "All" } } } },
    "learn:apps": apps,
  });
}

/** The least of several costs, field by field: what remains when the machine does nothing else. */
export function least(costs: readonly Cost[]): Cost {
  const of = (field: keyof Cost) => Math.min(...costs.map((cost) => cost[field]));
  return { seconds: of("seconds"), cpuSeconds: of("cpuSeconds"), peakMegabytes: of("peakMegabytes") };
}
