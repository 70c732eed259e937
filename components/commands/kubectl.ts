import { execa } from "execa";
import type { ToolResult } from "../cluster/run-tool.ts";
import { StepFailure } from "./script.ts";

/** Which cluster is asked, and which namespace of it. */
export interface KubectlTarget {
  readonly context: string;
  /** @default - the file that kubectl's own rules find */
  readonly kubeconfig?: string | undefined;
  readonly namespace?: string | undefined;
}

export interface KubectlOptions {
  /** Written to standard input: manifests and whatever is secret. */
  readonly input?: string | undefined;
  /** Milliseconds. @default 120000 */
  readonly timeout?: number;
}

/** The largest list that is read at once: all Secrets of a cluster. */
const maxBuffer = 512 << 20;

/**
 * Runs the `kubectl` found on PATH to its end; a failing command is an answer, not an error.
 * @throws StepFailure when kubectl is not there or could not be started at all
 */
export async function runKubectl(
  target: KubectlTarget,
  args: readonly string[],
  { input, timeout = 120_000 }: KubectlOptions = {},
): Promise<ToolResult> {
  const result = await execa("kubectl", [...targetFlags(target), ...args], {
    reject: false,
    timeout,
    maxBuffer,
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
  });
  if (result.code === "ENOENT")
    throw new StepFailure("kubectl is not installed. Get it: https://kubernetes.io/docs/tasks/tools/");
  if (result.timedOut) return { code: 124, stdout: "", stderr: `no answer within ${timeout / 1000} s` };
  // of a program that could not be started (no free process, a file that is being written) there is no output at all
  if (typeof result.stdout !== "string")
    throw new StepFailure(
      `kubectl could not be started: ${result.originalMessage ?? result.code ?? "no reason given"}`,
    );
  const { exitCode: code = 1, stdout, stderr, shortMessage = "" } = result;
  return { code, stdout, stderr: code === 0 ? stderr : stderr || shortMessage };
}

/** The flags that choose the cluster and the namespace, before any command of kubectl. */
export function targetFlags({ context, kubeconfig, namespace }: KubectlTarget): string[] {
  return [
    ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
    ...["--context", context],
    ...(namespace === undefined ? [] : ["--namespace", namespace]),
  ];
}
