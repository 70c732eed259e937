import { access, chmod, constants, mkdir, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { envoyPath } from "./envoy.ts";
import { cacheDirectory, goBuild, moduleKey } from "./go.ts";
import { withProgress } from "./progress.ts";
import { type ToolModule, type ToolModuleName, toolModules } from "./tools.ts";

/** Name of a program → its absolute path. */
export type Programs = Readonly<Record<string, string>>;

const executable = async (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** "1.36.3" → "1.36": a patch release more or less proves the same. */
const line = (version: string): string => version.split(".").slice(0, 2).join(".");

/** A program that somebody installed already (envtest's KUBEBUILDER_ASSETS, then PATH), if it is of the pinned line. */
async function installed(tool: ToolModule, program: string): Promise<string | null> {
  if (!tool.versionArgs) return null;
  const directories = [process.env.KUBEBUILDER_ASSETS, ...(process.env.PATH ?? "").split(delimiter)];
  for (const directory of directories) {
    if (!directory) continue;
    const path = join(directory, program);
    if (!(await executable(path))) continue;
    const args = program === "kubectl" ? ["version", "--client"] : tool.versionArgs;
    const { stdout } = await execa(path, args, { reject: false, timeout: 10_000 });
    const found = /\bv?(\d+\.\d+\.\d+)/.exec(typeof stdout === "string" ? stdout : "")?.[1];
    if (found && line(found) === line(tool.version)) return path;
  }
  return null;
}

/** The program, found or built once into the cache. */
async function program(tool: ToolModule, name: string): Promise<string> {
  const ready = await installed(tool, name);
  if (ready) return ready;
  const directory = cacheDirectory();
  const path = join(directory, `${name}-${tool.version}-${moduleKey(tool)}`);
  if (await executable(path)) return path;
  await mkdir(directory, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  try {
    await withProgress(`building ${name} ${tool.version} (the first time about ${tool.firstBuild})`, () =>
      goBuild(tool, name, unfinished),
    );
    await chmod(unfinished, 0o755);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  return path;
}

/** Builds run one after the other: each uses every core already. */
export class Toolbox {
  private queue: Promise<unknown> = Promise.resolve();
  private readonly known = new Map<string, Promise<string>>();

  /** Absolute paths of all the programs of the named modules ("envoy" comes from its Python wheel). */
  async programs(modules: readonly (ToolModuleName | "envoy")[], only?: readonly string[]): Promise<Programs> {
    const wanted = modules.flatMap((module): [string, () => Promise<string>][] => {
      if (module === "envoy") return [["envoy", envoyPath]];
      const tool = toolModules[module];
      return Object.keys(tool.programs)
        .filter((name) => only === undefined || only.includes(name))
        .map((name) => [name, () => program(tool, name)]);
    });
    const paths = wanted.map(async ([name, make]) => [name, await this.once(name, make)] as const);
    return Object.fromEntries(await Promise.all(paths));
  }

  private once(name: string, make: () => Promise<string>): Promise<string> {
    const running = this.known.get(name);
    if (running) return running;
    const result = this.queue.then(make);
    this.queue = result.catch(() => undefined);
    this.known.set(name, result);
    return result;
  }
}
