import { execa } from "execa";
import type { ToolResult } from "../../components/cluster/run-tool.ts";
import { runKubectl, targetFlags } from "../../components/commands/kubectl.ts";
import { StepFailure } from "../../components/commands/script.ts";
import { VisibleError } from "../terminal/visible-error.ts";

/** A cluster as kubectl sees it. Nothing here changes it: only `get`, `exec` of readers, and port-forwards. */
export interface Kubectl {
  readonly context: string;
  /** Runs to the end; secrets go in by `input`, never by an argument. */
  run(args: readonly string[], options?: { readonly input?: string; readonly timeout?: number }): Promise<ToolResult>;
  /** Starts a port-forward and resolves with the local port when it listens. */
  forward(namespace: string, target: string, port: number, local?: number): Promise<PortForward>;
}

export interface PortForward {
  readonly port: number;
  close(): void;
}

/** kubectl on one context; `kubeconfig` for another file than kubectl's own rules find. */
export function kubectlOf(context: string, kubeconfig?: string): Kubectl {
  const target = { context, kubeconfig };
  return {
    context,
    run: async (args, { input, timeout = 30_000 } = {}) => {
      try {
        return await runKubectl(target, args, { input, timeout });
      } catch (error) {
        throw error instanceof StepFailure ? new VisibleError(error.message) : error;
      }
    },
    forward: (namespace, to, port, local) => forward(targetFlags({ ...target, namespace }), to, port, local),
  };
}

/** Local port 0 lets the system choose; kubectl prints which one it became. */
function forward(base: readonly string[], target: string, port: number, local = 0): Promise<PortForward> {
  const child = execa("kubectl", [...base, "port-forward", target, `${local === 0 ? "" : local}:${port}`], {
    reject: false,
    stdin: "ignore",
  });
  const close = () => {
    child.kill();
  };
  process.once("exit", close);
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const listening = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (listening !== undefined) resolve({ port: Number(listening), close });
    });
    void child.then((result) => {
      process.off("exit", close);
      const reason = result.stderr.trim() || result.shortMessage || "it ended";
      reject(new VisibleError(`kubectl port-forward ${target} ${port} failed: ${reason}`, 1));
    });
  });
}
