import { setTimeout as sleep } from "node:timers/promises";
import { type Report, StepFailure } from "../../../commands/script.ts";
import type { InitResult, UnsealResult } from "../../../commands/vault-steps.ts";
import { WaitNotes } from "../../../commands/wait-notes.ts";
import { isFields, type Transport, VaultClient } from "./client.ts";
import { describe, openServer, serverStates } from "./servers.ts";

const patience = 300_000;

/**
 * Opens every server and waits until all are members of the Raft cluster. The first one opens at once; the others join it
 * by their `retry_join` stanzas and can be opened then.
 *
 * @throws StepFailure naming each server's state when that does not happen within five minutes.
 */
export async function unseal(
  transport: Transport,
  replicas: number,
  { unsealKey, rootToken }: InitResult,
  report: Report,
): Promise<UnsealResult> {
  const until = Date.now() + patience;
  const opened = new Set<string>();
  const notes = new WaitNotes(report);
  for (;;) {
    const states = await serverStates(transport, replicas);
    for (const { pod, state } of states) {
      if (state === "unsealed" && !opened.has(pod)) report(`${pod} is unsealed`);
      if (state === "unsealed") opened.add(pod);
    }
    if (states.every(({ state }) => state === "unsealed")) break;
    if (Date.now() > until) throw new StepFailure(`not every Vault server opened within 5 min: ${describe(states)}`);
    const closed = states.filter(({ state }) => state === "sealed" || state === "uninitialised");
    notes.note(describe(states.filter(({ state }) => state !== "unsealed")));
    await Promise.all(closed.map(({ pod }) => offerKey(transport, pod, unsealKey)));
    await sleep(1000);
  }
  const members = await allJoined(transport, replicas, rootToken, until, notes);
  report(`Raft has ${members.length} of ${replicas} servers: ${members.join(", ")}`);
  return { members };
}

/** A server that has not joined yet refuses the key; it is offered again. */
async function offerKey(transport: Transport, pod: string, key: string): Promise<void> {
  await transport(pod, ["vault", "write", "-format=json", "sys/unseal", "-"], JSON.stringify({ key }));
}

/** Raft lets a server vote only some ten seconds after it has joined. */
async function allJoined(
  transport: Transport,
  replicas: number,
  token: string,
  until: number,
  notes: WaitNotes,
): Promise<string[]> {
  for (;;) {
    const vault = new VaultClient(transport, await openServer(transport, replicas), token);
    const { config } = (await vault.read("sys/storage/raft/configuration")) ?? {};
    const servers = isFields(config) && Array.isArray(config.servers) ? config.servers.filter(isFields) : [];
    const voters = servers.filter(({ voter }) => voter === true).map(({ node_id: id }) => String(id));
    if (voters.length >= replicas) return voters.sort();
    if (Date.now() > until)
      throw new StepFailure(
        `only ${voters.length} of ${replicas} Vault servers joined Raft within 5 min (${voters.join(", ")}); see the logs of the others: kubectl -n vault logs vault-${replicas - 1}`,
      );
    notes.note(`${voters.length} of ${replicas} servers vote in Raft; the others follow soon after they have joined`);
    await sleep(1000);
  }
}
