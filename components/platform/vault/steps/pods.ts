import { setTimeout as sleep } from "node:timers/promises";
import { type Report, StepFailure } from "../../../commands/script.ts";
import { WaitNotes } from "../../../commands/wait-notes.ts";
import { isFields } from "./client.ts";
import type { Kubectl } from "./kubectl.ts";
import { describe, podsOf, serverStates } from "./servers.ts";

type Cluster = Pick<Kubectl, "get" | "transport">;

/**
 * Waits until every Vault pod runs and its server answers. The pods cannot become Ready before they are unsealed, so
 * nothing waits for that.
 *
 * @throws StepFailure with the reason Kubernetes gives (image, volume, node) when that takes longer than `patience` ms.
 */
export async function podsRunning(
  kubectl: Cluster,
  replicas: number,
  report: Report,
  patience = 600_000,
): Promise<void> {
  const until = Date.now() + patience;
  const notes = new WaitNotes(report);
  for (;;) {
    const waiting = (await Promise.all(podsOf(replicas).map((pod) => obstacle(kubectl, pod)))).filter(
      (line) => line !== undefined,
    );
    const line = waiting.length > 0 ? waiting.join("; ") : await silentServers(kubectl, replicas);
    if (line === undefined) return report(`${replicas} Vault servers run`);
    notes.note(line);
    if (Date.now() > until) throw new StepFailure(`Vault's pods do not run after ${patience / 60_000} min: ${line}`);
    await sleep(1000);
  }
}

/** Why a pod does not run yet. */
async function obstacle(kubectl: Cluster, name: string): Promise<string | undefined> {
  const pod = await kubectl.get("pod", name);
  if (pod === undefined) return `${name} does not exist yet`;
  const status = isFields(pod.status) ? pod.status : {};
  const container = list(status.containerStatuses).find(({ name: container }) => container === "vault");
  const state = isFields(container?.state) ? container.state : {};
  if (isFields(state.running)) return undefined;
  if (isFields(state.waiting)) return `${name} waits: ${sentence(state.waiting)}`;
  const unmet = list(status.conditions).find(({ status: met }) => met === "False");
  return `${name} is ${String(status.phase ?? "unknown")}${unmet ? `: ${sentence(unmet)}` : ""}`;
}

async function silentServers(kubectl: Cluster, replicas: number): Promise<string | undefined> {
  const silent = (await serverStates(kubectl.transport, replicas)).filter(({ state }) => state === "unreachable");
  return silent.length === 0 ? undefined : describe(silent);
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function sentence({ reason, message }: Record<string, unknown>): string {
  return [reason, message].filter((part) => typeof part === "string" && part !== "").join(", ");
}
