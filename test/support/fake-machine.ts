import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunLines } from "../../components/cluster/minikube/tool.ts";
import type { Run } from "../../components/cluster/run-tool.ts";
import { type KubectlMood, kubectl } from "./fake/kubectl.mjs";
import { type MinikubeMood, minikube } from "./fake/minikube.mjs";

/** A machine whose minikube and kubectl only pretend, with a MINIKUBE_HOME of its own. */
export interface FakeMachine {
  /** Parent of `.minikube`. */
  readonly home: string;
  /** Environment for child processes: the fake programs come first on PATH. */
  readonly env: Record<string, string>;
  /** The programs, run inside this process. Those that are `missing` are not there. */
  readonly run: Run;
  readonly runMinikube: RunLines;
  readonly missing: Set<string>;
  /** What the programs do wrong from now on. */
  behave(mood: { minikube?: MinikubeMood; kubectl?: KubectlMood }): void;
  /** Below `.minikube`. */
  path(...parts: string[]): string;
  /** The text of a file below `.minikube`; empty when there is none. */
  read(...parts: string[]): string;
  /** Command lines of minikube, oldest first. */
  calls(verb?: string): string[];
  remove(): void;
}

const programs = { minikube, kubectl };

export function fakeMachine(): FakeMachine {
  const home = mkdtempSync(join(tmpdir(), "learn-machine-"));
  const bin = join(home, "bin");
  mkdirSync(bin);
  for (const program of Object.keys(programs)) install(program, bin);
  const env: Record<string, string> = { PATH: [bin, dirname(process.execPath)].join(delimiter), MINIKUBE_HOME: home };
  const missing = new Set<string>();
  const path = (...parts: string[]) => join(home, ".minikube", ...parts);
  const read = (...parts: string[]) => (existsSync(path(...parts)) ? readFileSync(path(...parts), "utf8") : "");
  return {
    home,
    env,
    missing,
    run: async (tool, args) => {
      if (missing.has(tool) || (tool !== "minikube" && tool !== "kubectl")) return undefined;
      const [out, err]: [string[], string[]] = [[], []];
      const code = await programs[tool](
        args,
        env,
        (line) => out.push(line),
        (line) => err.push(line),
      );
      return { code, stdout: out.join("\n"), stderr: err.join("\n") };
    },
    runMinikube: async (args, line) => (missing.has("minikube") ? undefined : minikube(args, env, line, line)),
    behave: (mood) => {
      env.FAKE_MINIKUBE = JSON.stringify(mood.minikube ?? {});
      env.FAKE_KUBECTL = JSON.stringify(mood.kubectl ?? {});
    },
    path,
    read,
    calls: (verb = "") =>
      read("calls.log")
        .split("\n")
        .filter((line) => line !== "" && line.startsWith(verb)),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

function install(program: string, bin: string): void {
  const main = fileURLToPath(new URL("fake/main.mjs", import.meta.url));
  const command = `"${process.execPath}" "${main}" ${program}`;
  if (process.platform === "win32") {
    writeFileSync(join(bin, `${program}.cmd`), `@${command} %*\r\n`);
  } else {
    writeFileSync(join(bin, program), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  }
}
