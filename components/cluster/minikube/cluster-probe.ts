import { StepFailure } from "../../commands/script.ts";
import type { Run } from "../run-tool.ts";
import type { ClusterProbe } from "./run.ts";

const bornWith = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** Asks the cluster through kubectl; a server that has just come up is asked a few times. */
export function clusterProbe(run: Run, pause: (milliseconds: number) => Promise<void>): ClusterProbe {
  const ask = async (context: string, ...args: string[]): Promise<string> => {
    let last = "";
    for (let attempt = 0; attempt < 10; attempt++) {
      const result = await run("kubectl", ["--context", context, "--request-timeout=10s", ...args]);
      if (result === undefined)
        throw new StepFailure("kubectl is not installed. Get it: https://kubernetes.io/docs/tasks/tools/");
      if (result.code === 0) return result.stdout;
      last = result.stderr.trim();
      await pause(2_000);
    }
    throw new StepFailure(`the API server of context ${context} does not answer: ${last}`);
  };
  return {
    identity: async (context) =>
      (await ask(context, "get", "namespace", "kube-system", "-o=jsonpath={.metadata.uid}")).trim(),
    isEmpty: async (context) => {
      const namespaces = names(await ask(context, "get", "namespaces", "-o=name"));
      const inDefault = names(await ask(context, "get", "secrets,deployments,statefulsets", "-n=default", "-o=name"));
      return inDefault.length === 0 && namespaces.every((name) => bornWith.includes(name.replace("namespace/", "")));
    },
  };
}

function names(lines: string): string[] {
  return lines.split("\n").filter((line) => line.trim() !== "");
}
