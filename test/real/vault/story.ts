import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { initResult } from "../../../components/commands/vault-steps.ts";
import type { Registration } from "../../../lab/rehearsal/engine/registration.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { registrationsOf } from "../program/registrations.ts";
import { runStep, type StepRun, stepName } from "../program/step.ts";
import { VaultApi } from "./vault-api.ts";
import { VaultLab } from "./vault-lab.ts";

const ORDER = ["vault-pods", "vault-init", "vault-unseal", "vault-certificate", "vault-configure"];

/** The registered steps of Vault, in an order that their dependencies allow. */
function vaultSteps(registrations: readonly Registration[]): Registration[] {
  const steps = registrations.filter((one) => stepName(one)?.startsWith("vault-"));
  const rank = (one: Registration) => ORDER.indexOf((stepName(one) ?? "").split("/", 1)[0] ?? "");
  const order: Registration[] = [];
  let left = steps.sort((a, b) => rank(a) - rank(b));
  while (left.length > 0) {
    const next = left.find((one) => !left.some((other) => other !== one && one.dependencies.includes(other.urn)));
    assert.ok(next, "the steps wait for each other in a circle");
    order.push(next);
    left = left.filter((one) => one !== next);
  }
  return order;
}

/** A stack's Vault: its servers, its steps, and what the steps have said. */
export class Story {
  readonly stack: string;
  readonly index: number;
  lab!: VaultLab;
  steps: Registration[] = [];
  registrations: readonly Registration[] = [];
  /** what the rehearsal's stand-in answered → what the real step did */
  readonly real = new Map<string, string>();
  readonly results = new Map<string, StepRun>();
  readonly said: string[] = [];
  private runs = 0;

  constructor(stack: string, index: number) {
    this.stack = stack;
    this.index = index;
  }

  /** Starts the servers, on a control plane of their own unless they are to join one to which the stack was applied. */
  async begin(joined?: {
    readonly plane: ControlPlane;
    readonly registrations: readonly Registration[];
  }): Promise<void> {
    this.registrations = joined?.registrations ?? (await registrationsOf(this.stack));
    this.steps = vaultSteps(this.registrations);
    this.lab = await new VaultLab(this.stack, this.index, this.registrations, joined?.plane).start();
  }

  /** Runs a step as registered; `kill` is "after 1" or "during 1": see cluster/kubectl.sh. */
  async run(step: Registration, verb: "create" | "update" = "create", kill?: string): Promise<StepRun> {
    const counters = join(this.lab.directory, "counters");
    mkdirSync(counters, { recursive: true });
    const env: Record<string, string> = {
      ...this.lab.environment(),
      LAB_KILL_COUNT: join(counters, String(this.runs++)),
    };
    if (kill) env.LAB_KILL = kill;
    const result = await runStep(step, verb, { env, outputs: this.real });
    this.said.push(result.stderr);
    const name = stepName(step) ?? "";
    if (name !== "vault-init") this.said.push(result.stdout);
    if (result.code === 0) {
      this.results.set(name, result);
      if (name === "vault-init") this.learnKeys(step, result);
    }
    return result;
  }

  /** Runs every step as the engine does: each as soon as those it depends on are done, four at a time. */
  async runAll(done: (step: Registration) => Promise<void> = async () => undefined): Promise<void> {
    const finished = new Map<string, Promise<void>>();
    const slots = Array.from({ length: 4 }, () => Promise.resolve());
    for (const step of this.steps) {
      const before = step.dependencies.flatMap((urn) => finished.get(urn) ?? []);
      const turn = async () => {
        await Promise.all(before);
        const result = await this.run(step);
        assert.equal(result.code, 0, `${stepName(step)}: ${result.stderr}`);
        await done(step);
      };
      const slot = finished.size % slots.length;
      const running = (slots[slot] ?? Promise.resolve()).then(turn);
      slots[slot] = running;
      finished.set(step.urn, running);
    }
    await Promise.all(finished.values());
  }

  /** Runs steps once more, as an update; all at once, because nothing is left to wait for. @default all but the renewal */
  async runAgain(
    look: (step: Registration, result: StepRun) => void = () => undefined,
    wanted: (name: string) => boolean = (name) => name !== "vault-certificate",
  ): Promise<void> {
    const again = this.steps.filter((step) => wanted(stepName(step) ?? ""));
    await Promise.all(
      again.map(async (step) => {
        const result = await this.run(step, "update");
        assert.equal(result.code, 0, `${stepName(step)}: ${result.stderr}`);
        look(step, result);
      }),
    );
  }

  /** The calls of kubectl since the last question, without what only reads. */
  changes(): string[] {
    const calls = readFileSync(this.lab.kubectlLog, "utf8").trim().split("\n").slice(this.heard);
    this.heard += calls.length;
    return calls.filter(
      (call) => /"write"|"delete"|operator init -format|"create"|kill -HUP/.test(call) && !/tools\/random/.test(call),
    );
  }
  private heard = 0;

  get keys() {
    const result = this.results.get("vault-init");
    assert.ok(result, "Vault has not been initialised");
    return initResult.parse(JSON.parse(result.stdout));
  }

  /** A root client of the active server. */
  async api(): Promise<VaultApi> {
    const { pod } = await this.lab.active();
    return new VaultApi(pod.address, await this.lab.listenerAuthority(), this.keys.rootToken);
  }

  async sealed(): Promise<boolean[]> {
    const authority = await this.lab.listenerAuthority();
    return Promise.all(
      this.lab.servers.map(
        async ({ pod }) => (await new VaultApi(pod.address, authority).get("sys/seal-status")).body.sealed,
      ),
    );
  }

  private learnKeys(step: Registration, result: StepRun): void {
    const rehearsed = initResult.parse(JSON.parse(String(step.outputs.stdout)));
    const now = initResult.parse(JSON.parse(result.stdout));
    this.real.set(rehearsed.unsealKey, now.unsealKey).set(rehearsed.rootToken, now.rootToken);
  }
}
