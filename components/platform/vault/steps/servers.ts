import { setTimeout as sleep } from "node:timers/promises";
import { StepFailure } from "../../../commands/script.ts";
import { isFields, type Transport } from "./client.ts";

/** How one Vault server stands. */
export interface ServerState {
  readonly pod: string;
  readonly state: "unreachable" | "uninitialised" | "sealed" | "unsealed";
  readonly active: boolean;
  /** Why it cannot be reached. */
  readonly reason?: string;
}

/** The pods of a Vault with that many servers. */
export function podsOf(replicas: number): string[] {
  return Array.from({ length: replicas }, (_, index) => `vault-${index}`);
}

/** Asks every server at once (`vault status`: exit code 0 unsealed, 2 sealed, 1 no answer). */
export async function serverStates(transport: Transport, replicas: number): Promise<ServerState[]> {
  return Promise.all(podsOf(replicas).map((pod) => serverState(transport, pod)));
}

async function serverState(transport: Transport, pod: string): Promise<ServerState> {
  const { code, stdout, stderr } = await transport(pod, ["vault", "status", "-format=json"], "");
  const status = code === 0 || code === 2 ? parsed(stdout) : undefined;
  if (status === undefined) return { pod, state: "unreachable", active: false, reason: lastLine(stderr) };
  if (status.initialized !== true) return { pod, state: "uninitialised", active: false };
  return { pod, state: status.sealed === false ? "unsealed" : "sealed", active: status.is_self === true };
}

/**
 * The server to talk to: the active one, or another unsealed one (which forwards to it).
 *
 * @throws StepFailure when none is open within `patience` milliseconds.
 */
export async function openServer(transport: Transport, replicas: number, patience = 60_000): Promise<string> {
  const until = Date.now() + patience;
  for (;;) {
    const states = await serverStates(transport, replicas);
    const open = states.find(({ active }) => active) ?? states.find(({ state }) => state === "unsealed");
    if (open) return open.pod;
    if (Date.now() > until) throw new StepFailure(noneOpen(states));
    await sleep(1000);
  }
}

/** `vault-0 is sealed, vault-1 cannot be reached (…)` */
export function describe(states: readonly ServerState[]): string {
  return states
    .map(({ pod, state, reason }) =>
      state === "unreachable" ? `${pod} cannot be reached (${reason ?? "no answer"})` : `${pod} is ${state}`,
    )
    .join(", ");
}

function noneOpen(states: readonly ServerState[]): string {
  const advice = states.every(({ state }) => state === "uninitialised")
    ? "Its volumes are new. To begin with an empty Vault: kubectl -n vault delete secret vault-unseal --ignore-not-found, then run `up` again with --replace '**vault-init' --replace '**vault-unseal'"
    : states.some(({ state }) => state === "sealed")
      ? "The unsealer should open it within seconds; see `kubectl -n vault logs deployment/vault-unsealer`."
      : "See `kubectl -n vault get pods` and the logs of vault-0.";
  return `Vault does not answer: ${describe(states)}. ${advice}`;
}

function parsed(stdout: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(stdout);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function lastLine(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("command terminated"));
  return lines.at(-1)?.trim() ?? "no answer";
}
