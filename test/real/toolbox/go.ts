import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { VisibleError } from "../../../lab/terminal/visible-error.ts";
import type { ToolModule } from "./tools.ts";

/** Directory of the Go modules that name the tools. */
export const modulesDirectory = fileURLToPath(new URL("../tools/", import.meta.url));

/** Where built programs are kept between runs. */
export function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "learn-ingress", "bin");
}

/** The Go command's version ("go1.26.8"), or null where there is no Go. */
export async function goVersion(): Promise<string | null> {
  const result = await execa("go", ["env", "GOVERSION"], { reject: false, cwd: "/" });
  return result.exitCode === 0 ? result.stdout.trim() : null;
}

/** Every file of a tool's module; together with the flags they decide what is built. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const path = join(directory, name);
      return statSync(path).isDirectory() ? filesBelow(path) : [path];
    });
}

/** Ten hex digits that change whenever the module's files or the build flags do. */
export function moduleKey(tool: ToolModule): string {
  const hash = createHash("sha256");
  for (const file of filesBelow(join(modulesDirectory, tool.name))) hash.update(readFileSync(file)).update("\0");
  hash.update(JSON.stringify([tool.programs, tool.tags, tool.ldflags]));
  return hash.digest("hex").slice(0, 10);
}

/** Builds one program of a module to `output`, at low priority: whoever waits for it may be testing beside it. */
export async function goBuild(tool: ToolModule, program: string, output: string): Promise<void> {
  const packagePath = tool.programs[program];
  if (packagePath === undefined) throw new Error(`module ${tool.name} has no program ${program}`);
  const args = ["build", "-mod=readonly", "-buildvcs=false", "-trimpath"];
  if (tool.tags) args.push("-tags", tool.tags);
  args.push("-ldflags", ["-s -w", tool.ldflags].filter(Boolean).join(" "), "-o", output, packagePath);
  const result = await execa("nice", ["go", ...args], {
    cwd: join(modulesDirectory, tool.name),
    env: { CGO_ENABLED: "0", GOFLAGS: "" },
    reject: false,
  });
  if (result.exitCode === 0) return;
  const reason = result.stderr
    .split("\n")
    .filter((line) => !line.startsWith("go: downloading"))
    .slice(-15);
  throw new VisibleError(
    [
      `${program} ${tool.version} could not be built (test/real/tools/${tool.name}):`,
      ...reason.map((line) => `  ${line}`),
      "Without a network the Go module cache must hold the modules already; `go build` in that folder shows the same.",
    ],
    1,
  );
}

/** The directory of a module's source, downloaded when it is not in Go's cache yet. */
export async function moduleSource(inModule: string, path: string): Promise<string> {
  const result = await execa("go", ["mod", "download", "-json", path], {
    cwd: join(modulesDirectory, inModule),
    env: { GOFLAGS: "" },
    reject: false,
  });
  const answer: { Dir?: string; Error?: string } = result.stdout.trim() ? JSON.parse(result.stdout) : {};
  if (!answer.Dir)
    throw new VisibleError(`the source of ${path} could not be read: ${answer.Error ?? result.stderr}`, 1);
  return answer.Dir;
}
