import { execa } from "execa";
import { type Report, StepFailure } from "../../commands/script.ts";
import { readEvent } from "./events.ts";

/** minikube as its command needs it. */
export interface MinikubeTool {
  /** `minikube start`, with progress line by line. @throws StepFailure with minikube's own words. */
  start(args: readonly string[]): Promise<void>;
  remove(profile: string): Promise<void>;
  ip(profile: string): Promise<string>;
}

/** Runs minikube and hands over each line as it comes; the exit code, or undefined when there is no such program. */
export type RunLines = (args: readonly string[], line: (text: string) => void) => Promise<number | undefined>;

export function minikubeTool(run: RunLines, report: Report): MinikubeTool {
  const follow = async (args: readonly string[]): Promise<void> => {
    const errors: string[] = [];
    const code = await run(args, (line) => {
      const event = readEvent(line);
      if (event.kind === "error") errors.push(event.text);
      else if (event.kind !== "silent") report(event.kind === "warning" ? `! ${event.text}` : event.text);
    });
    if (code !== 0) throw failure(args, code, errors);
  };
  return {
    start: follow,
    remove: (profile) => follow(["delete", `--profile=${profile}`, "--output=json"]),
    ip: async (profile) => {
      const args = ["ip", `--profile=${profile}`];
      const lines: string[] = [];
      const code = await run(args, (line) => lines.push(line.trim()));
      const address = lines.find((line) => /^[\da-f.:]+$/i.test(line));
      if (code === 0 && address !== undefined) return address;
      throw failure(args, code, lines);
    },
  };
}

function failure(args: readonly string[], code: number | undefined, words: readonly string[]): StepFailure {
  if (code === undefined)
    return new StepFailure("minikube is not installed. Get it: https://minikube.sigs.k8s.io/docs/start/");
  return new StepFailure([`minikube ${args[0]} failed (exit code ${code}):`, ...words].join("\n"));
}

/** The minikube on PATH; `signal` ends it. */
export function minikubeOnPath(signal?: AbortSignal): RunLines {
  return async (args, line) => {
    const child = execa("minikube", args, {
      reject: false,
      stdin: "ignore",
      // A start takes minutes and people want to see where it is: lines are passed on, not collected.
      buffer: false,
      all: true,
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    });
    for await (const text of child.iterable({ from: "all" })) line(text);
    const { code, exitCode } = await child;
    return code === "ENOENT" ? undefined : (exitCode ?? 1);
  };
}
