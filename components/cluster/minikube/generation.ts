import type { Profile } from "./observe.ts";
import type { MinikubeSettings } from "./settings.ts";

/** What the program tells Pulumi about the cluster beyond its settings. */
export interface Generation {
  /** One of the command's triggers: another value replaces the cluster and everything on it. */
  readonly generation: string;
  /** One of the command's parameters: another value updates it, which runs `minikube start`. */
  readonly resumed: string;
  /** Why the cluster cannot be had; nothing may be applied. */
  readonly refusal?: string;
}

/**
 * Decides, each time the program runs, whether the cluster in Pulumi's state is still there. Pulumi itself never asks
 * minikube, and a plain `pulumi up` must mend what happened outside of it:
 *
 * | found | effect |
 * |---|---|
 * | no profile, or its container or VM is gone | new generation: cluster and everything on it are created (again) |
 * | a start that did not finish, or a cluster that minikube reset | new generation |
 * | changed by hand to another version or driver; encrypted, though no longer wanted | new generation |
 * | stopped | same generation, `resumed` changes: started |
 * | running | nothing changes |
 * | a profile that this stack did not make; one that is being started right now | refused |
 *
 * `fresh` makes a random value. Preview and update each make their own; the one that is applied ends up in the stamp.
 */
export function decideGeneration(
  profile: Profile,
  wanted: MinikubeSettings,
  fresh: () => string,
  isAlive: (process: number) => boolean,
): Generation {
  const renewed = { generation: fresh(), resumed: "" };
  if (profile.kind === "absent") return renewed;
  const refusal = refusalOf(profile, wanted, isAlive);
  if (refusal !== undefined) return { ...renewed, refusal };
  if (profile.kind === "foreign" || isBeyondRepair(profile, wanted)) return renewed;
  const { generation, resumed } = profile.stamp;
  return { generation, resumed: profile.power === "stopped" ? fresh() : resumed };
}

/** Why a profile may be neither used nor deleted, and the ways out; undefined when it is this stack's. */
export function refusalOf(
  profile: Profile,
  { profile: name, stack }: Pick<MinikubeSettings, "profile" | "stack">,
  isAlive: (process: number) => boolean,
): string | undefined {
  if (profile.kind === "absent") return undefined;
  const waysOut = `Give this stack another profile (learn:cluster.minikube.profile in its file), or, if you no longer need that cluster: minikube delete -p ${name}`;
  if (profile.kind === "foreign")
    return `minikube profile "${name}" exists, and stack ${stack} did not make it; it is left alone. ${waysOut}`;
  const { stamp } = profile;
  if (stamp.stack !== stack)
    return `minikube profile "${name}" belongs to stack ${stamp.stack}; stack ${stack} leaves it alone. ${waysOut}`;
  if (stamp.phase === "starting" && stamp.process !== undefined && isAlive(stamp.process))
    return `minikube profile "${name}" is being started right now, by process ${stamp.process}. Wait for it to finish and run again; if that process is something else: minikube delete -p ${name}`;
  return undefined;
}

type Ours = Extract<Profile, { kind: "ours" }>;

function isBeyondRepair({ stamp, power, config }: Ours, wanted: MinikubeSettings): boolean {
  if (stamp.phase !== "ready" || power === "gone") return true;
  if (stamp.encrypted && !wanted.encrypted) return true;
  return differs(config?.kubernetes, stamp.fixed.kubernetes) || differs(config?.driver, stamp.fixed.driver);
}

function differs(found: string | undefined, made: string): boolean {
  return found !== undefined && found !== made;
}

/** Whether a process of that number exists; one of another user does. */
export function processIsAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
