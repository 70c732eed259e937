import { refusalOf } from "./generation.ts";
import type { Profile } from "./observe.ts";
import type { FixedSettings, MinikubeSettings } from "./settings.ts";

/** What the command knows when it runs: the settings and the generation that the program decided on. */
export interface Wanted {
  readonly settings: MinikubeSettings;
  readonly generation: string;
  readonly resumed: string;
}

/** What a command does to the profile it finds. */
export type Plan =
  /** Makes the cluster; `remains` are swept away first. */
  | { readonly kind: "make"; readonly remains: boolean }
  /** Starts the cluster that is there (a running one stays as it is). */
  | { readonly kind: "start" }
  /** Starts it, and takes it only if nothing has been installed on it yet. */
  | { readonly kind: "adopt" }
  | { readonly kind: "delete" }
  /** Nothing to do to the profile, and why. */
  | { readonly kind: "leave"; readonly why: string }
  | { readonly kind: "refuse"; readonly why: string };

type Alive = (process: number) => boolean;

/**
 * Creating: Pulumi's state has no cluster. What is found under its name is either nothing, the remains of a start that
 * failed or was interrupted (made anew), a cluster that came up just before the interruption (adopted, when it is still
 * empty), or somebody's cluster (refused).
 */
export function planCreate(profile: Profile, { settings, generation }: Wanted, isAlive: Alive): Plan {
  if (profile.kind === "absent") return { kind: "make", remains: false };
  const refusal = refusalOf(profile, settings, isAlive);
  if (refusal !== undefined) return { kind: "refuse", why: refusal };
  if (profile.kind === "foreign") return { kind: "refuse", why: unknownToState(settings) };
  const { stamp, power } = profile;
  if (stamp.phase !== "ready" || power === "gone") return { kind: "make", remains: true };
  const same = stamp.generation === generation && sameFixed(stamp.fixed, settings.fixed);
  return same ? { kind: "adopt" } : { kind: "refuse", why: unknownToState(settings) };
}

/** Updating: Pulumi's state has this very cluster; it was stopped, or flags of the API server changed. */
export function planUpdate(profile: Profile, { settings, generation }: Wanted, isAlive: Alive): Plan {
  const again = `Run the same command again: it will be made anew.`;
  if (profile.kind === "absent")
    return { kind: "refuse", why: `minikube profile "${settings.profile}" was deleted in the meantime. ${again}` };
  const refusal = refusalOf(profile, settings, isAlive);
  if (refusal !== undefined) return { kind: "refuse", why: refusal };
  const itself = profile.kind === "ours" && profile.stamp.generation === generation;
  if (itself && profile.stamp.phase === "ready" && profile.power !== "gone") return { kind: "start" };
  return { kind: "refuse", why: `minikube profile "${settings.profile}" is not the cluster it was. ${again}` };
}

/** Deleting: only what this very resource made; whatever else has the name now is left alone, and that is no failure. */
export function planDelete(profile: Profile, { settings, generation }: Wanted): Plan {
  if (profile.kind === "absent")
    return { kind: "leave", why: `minikube profile "${settings.profile}" is gone already` };
  const itself =
    profile.kind === "ours" && profile.stamp.stack === settings.stack && profile.stamp.generation === generation;
  if (itself) return { kind: "delete" };
  return {
    kind: "leave",
    why: `minikube profile "${settings.profile}" is no longer the cluster that this stack made; it is left alone`,
  };
}

/** The message for a cluster of ours of which Pulumi's state knows nothing (a second checkout, a lost state). */
export function unknownToState({ profile, stack }: MinikubeSettings): string {
  return `minikube profile "${profile}" holds a cluster made for a stack ${stack} that this Pulumi state does not know (another checkout, or a state that was removed). It is left alone. To start over: minikube delete -p ${profile}; to keep it, give this stack another profile (learn:cluster.minikube.profile in its file)`;
}

function sameFixed(a: FixedSettings, b: FixedSettings): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof FixedSettings>;
  return [...keys].every((key) => a[key] === b[key]);
}
