import { didYouMean } from "../../../config/nearest.ts";
import type { ClusterConfig } from "../../../config/schema.ts";
import type { Versions } from "../../../config/versions.ts";
import type { Run } from "../run-tool.ts";
import { inotifyWarning } from "./inotify.ts";
import { complaint } from "./requirements.ts";
import { driverTool, kubectlTool, minikubeTool } from "./tools.ts";

/** What stands in the way of a stack on this machine, before anything is created. */
export interface Preflight {
  /** One line each; with any of them nothing may be applied. */
  readonly complaints: readonly string[];
  readonly warnings: readonly string[];
}

/** Looks at the programs that the stack needs, all at the same time. Changes nothing. */
export async function preflight(
  config: ClusterConfig,
  versions: Pick<Versions, "minikube" | "kubernetes">,
  run: Run,
  inotify: () => string | undefined = inotifyWarning,
): Promise<Preflight> {
  if (config.minikube === undefined) {
    const found = await Promise.all([complaint(kubectlTool(), run), contextComplaint(config, run)]);
    return { complaints: found.filter((line) => line !== undefined), warnings: [] };
  }
  const { driver } = config.minikube;
  const requirements = [minikubeTool(versions), kubectlTool(versions.kubernetes), driverTool(driver)];
  const found = await Promise.all(requirements.map((one) => (one === undefined ? undefined : complaint(one, run))));
  const warning = driver === "docker" || driver === "podman" ? inotify() : undefined;
  return {
    complaints: found.filter((line) => line !== undefined),
    warnings: warning === undefined ? [] : [warning],
  };
}

/** The one message for all complaints. */
export function preflightMessage(stack: string, complaints: readonly string[]): string {
  return [
    `This machine is not ready for stack ${stack}; nothing is made until it is:`,
    ...complaints.map((line) => `  ${line}`),
    `Without any of this: npm start -- ${stack}`,
  ].join("\n");
}

async function contextComplaint({ context = "", kubeconfig }: ClusterConfig, run: Run): Promise<string | undefined> {
  const file = kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`];
  const result = await run("kubectl", [...file, "config", "get-contexts", "--output=name"]);
  // Without kubectl the other complaint says it all.
  if (result === undefined) return undefined;
  const contexts = result.stdout.split("\n").filter((line) => line !== "");
  if (contexts.includes(context)) return undefined;
  const where = kubeconfig ?? "your kubeconfig";
  const known = contexts.length === 0 ? "it has none" : `it has ${contexts.join(", ")}`;
  return `learn:cluster.context: no context "${context}" in ${where}${didYouMean(context, contexts)}; ${known}. See: kubectl config get-contexts`;
}
