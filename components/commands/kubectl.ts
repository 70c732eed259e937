import { run, type ToolResult } from "../cluster/run-tool.ts";
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

/**
 * Runs the `kubectl` found on PATH to its end; a failing command is an answer, not an error.
 * @throws StepFailure when kubectl is not there or could not be started at all
 */
export async function runKubectl(
  target: KubectlTarget,
  args: readonly string[],
  { input, timeout = 120_000 }: KubectlOptions = {},
): Promise<ToolResult> {
  const result = await run("kubectl", [...targetFlags(target), ...args], { input, timeout }).catch((error: Error) => {
    throw new StepFailure(`kubectl could not be started: ${error.message}`);
  });
  if (result === undefined)
    throw new StepFailure("kubectl is not installed. Get it: https://kubernetes.io/docs/tasks/tools/");
  return { ...result, stdout: withoutLineEnd(result.stdout), stderr: withoutLineEnd(result.stderr) };
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}

/** The flags that choose the cluster and the namespace, before any command of kubectl. */
export function targetFlags({ context, kubeconfig, namespace }: KubectlTarget): string[] {
  return [
    ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
    ...["--context", context],
    ...(namespace === undefined ? [] : ["--namespace", namespace]),
  ];
}
