import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { MinikubeResult } from "../../commands/cluster-steps.ts";
import { type Report, StepFailure } from "../../commands/script.ts";
import type { EncryptionFile } from "../encryption/place.ts";
import { processIsAlive } from "./generation.ts";
import type { MinikubeHome } from "./home.ts";
import type { Profile } from "./observe.ts";
import { type Plan, planCreate, planDelete, planUpdate, unknownToState, type Wanted } from "./plan.ts";
import { type Stamp, writeStamp } from "./stamp.ts";
import { startArguments } from "./start-arguments.ts";
import type { MinikubeTool } from "./tool.ts";

/** The world that the command acts on; tests put their own in its place. */
export interface World {
  readonly home: MinikubeHome;
  readonly minikube: MinikubeTool;
  readonly cluster: ClusterProbe;
  readonly report: Report;
  observe(profile: string): Promise<Profile>;
}

export interface ClusterProbe {
  /** UID of namespace kube-system. */
  identity(context: string): Promise<string>;
  /** Whether nothing but what a new cluster has is on it. */
  isEmpty(context: string): Promise<boolean>;
}

/** Makes the cluster, or starts the one that was being made when the last run ended. */
export async function create(wanted: Wanted, file: EncryptionFile | undefined, world: World): Promise<MinikubeResult> {
  const plan = planCreate(await world.observe(wanted.settings.profile), wanted, processIsAlive);
  return carryOut(plan, wanted, file, world);
}

/** Starts a stopped cluster, or restarts its API server with other flags. */
export async function update(wanted: Wanted, file: EncryptionFile | undefined, world: World): Promise<MinikubeResult> {
  const plan = planUpdate(await world.observe(wanted.settings.profile), wanted, processIsAlive);
  return carryOut(plan, wanted, file, world);
}

/** Deletes the cluster if it is still the one this resource made, and in any case the file with its key. */
export async function remove(wanted: Wanted, file: EncryptionFile, world: World): Promise<void> {
  const { profile } = wanted.settings;
  const plan = planDelete(await world.observe(profile), wanted);
  if (plan.kind === "leave") world.report(plan.why);
  if (plan.kind === "delete") await world.minikube.remove(profile);
  file.remove();
}

async function carryOut(
  plan: Plan,
  wanted: Wanted,
  file: EncryptionFile | undefined,
  world: World,
): Promise<MinikubeResult> {
  switch (plan.kind) {
    case "make":
      return make(plan.remains, wanted, file, world);
    case "start":
      return start(wanted, file, world);
    case "adopt":
      return adopt(wanted, file, world);
    case "refuse":
    case "leave":
      throw new StepFailure(plan.why);
    case "delete":
      throw new StepFailure("a cluster is only deleted when its resource is");
  }
}

async function make(remains: boolean, wanted: Wanted, file: EncryptionFile | undefined, world: World) {
  const { settings } = wanted;
  if (remains) {
    world.report(`Sweeping away what an unfinished start left of profile ${settings.profile}`);
    await sweepRemains(settings.profile, world);
  }
  // Every Secret is then encrypted from the first write on. A file left by an earlier cluster is not this one's.
  file?.write();
  mark(wanted, world, { phase: "starting", process: process.pid });
  try {
    await world.minikube.start(startArguments(settings));
  } catch (error) {
    await sweep(wanted, file, world);
    throw error;
  }
  return finish(wanted, world, await world.cluster.identity(settings.profile));
}

/** A start that was interrupted early leaves a directory that minikube does not know as a profile yet. */
async function sweepRemains(profile: string, { minikube, home }: World): Promise<void> {
  const directory = home.profile(profile);
  try {
    await minikube.remove(profile);
  } catch (error) {
    if (existsSync(join(directory, "config.json"))) throw error;
  }
  rmSync(directory, { recursive: true, force: true });
}

/** A cluster whose making failed is in no state, so nothing would ever delete it: that is done here. */
async function sweep({ settings }: Wanted, file: EncryptionFile | undefined, world: World) {
  world.report(`Sweeping away what was made of profile ${settings.profile}`);
  await sweepRemains(settings.profile, world).catch(() => undefined);
  file?.remove();
}

async function start(wanted: Wanted, file: EncryptionFile | undefined, world: World) {
  const { profile } = wanted.settings;
  const before = await stampOf(profile, world);
  // The API server must find the file at the first start with its flags. Later it is there already, and may hold an
  // older key that Secrets still need: only the rotation changes it.
  if (!before.encrypted) file?.write();
  await world.minikube.start(startArguments(wanted.settings));
  const identity = await world.cluster.identity(profile);
  if (before.cluster === undefined || before.cluster === identity) return finish(wanted, world, identity);
  writeStamp(world.home.profile(profile), { ...before, phase: "lost" });
  throw new StepFailure(
    `minikube could not bring the cluster of profile ${profile} back and reset it: it runs, but everything on it is gone. Run the same command again: everything is created anew.`,
  );
}

async function adopt(wanted: Wanted, file: EncryptionFile | undefined, world: World) {
  const result = await start(wanted, file, world);
  if (await world.cluster.isEmpty(wanted.settings.profile)) return result;
  throw new StepFailure(unknownToState(wanted.settings));
}

async function finish(wanted: Wanted, world: World, cluster: string): Promise<MinikubeResult> {
  const { profile, fixed } = wanted.settings;
  const ip = await world.minikube.ip(profile);
  mark(wanted, world, { phase: "ready", cluster });
  return { ip, context: profile, kubernetes: fixed.kubernetes, generation: wanted.generation };
}

function mark({ settings, generation, resumed }: Wanted, { home }: World, rest: Partial<Stamp> & Pick<Stamp, "phase">) {
  const { stack, fixed, encrypted, profile } = settings;
  writeStamp(home.profile(profile), { stack, generation, resumed, fixed, encrypted, ...rest });
}

async function stampOf(name: string, world: World): Promise<Stamp> {
  const profile = await world.observe(name);
  if (profile.kind === "ours") return profile.stamp;
  throw new StepFailure(`minikube profile "${name}" was deleted in the meantime. Run the same command again.`);
}
