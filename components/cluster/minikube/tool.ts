import { execa } from "execa";
import { type Report, StepFailure } from "../../commands/script.ts";
import { readEvent } from "./events.ts";

/** minikube as its command needs it; a thin shell over the executable on PATH. */
export interface MinikubeTool {
  /** `minikube start`, with progress line by line. @throws StepFailure with minikube's own words. */
  start(args: readonly string[]): Promise<void>;
  remove(profile: string): Promise<void>;
  ip(profile: string): Promise<string>;
}

export const installMinikube = "https://minikube.sigs.k8s.io/docs/start/";

export function minikubeTool(report: Report, signal?: AbortSignal): MinikubeTool {
  const run = async (args: readonly string[]): Promise<void> => {
    const errors: string[] = [];
    const plain: string[] = [];
    const child = execa("minikube", args, {
      reject: false,
      stdin: "ignore",
      buffer: false,
      all: true,
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    });
    for await (const line of child.iterable({ from: "all" })) {
      const event = readEvent(line);
      if (event.kind === "error") errors.push(event.text);
      else if (event.kind === "progress") plain.push(event.text);
      if (event.kind !== "silent") report(event.kind === "warning" ? `! ${event.text}` : event.text);
    }
    const result = await child;
    if (result.code === "ENOENT") throw new StepFailure(`minikube is not installed. Get it: ${installMinikube}`);
    if (result.failed) {
      const words = errors.length > 0 ? errors : plain.slice(-5);
      throw new StepFailure(
        [`minikube ${args[0]} failed (exit code ${result.exitCode ?? "none"}):`, ...words].join("\n"),
      );
    }
  };
  return {
    start: run,
    remove: (profile) => run(["delete", `--profile=${profile}`, "--output=json"]),
    ip: async (profile) => {
      const { stdout, failed } = await execa("minikube", ["ip", `--profile=${profile}`], { reject: false });
      const address = stdout.trim();
      if (failed || address === "") throw new StepFailure(`minikube does not tell the address of profile ${profile}`);
      return address;
    },
  };
}
