import { randomBytes } from "node:crypto";
import type { ClusterConfig } from "../../config/schema.ts";
import type { Versions } from "../../config/versions.ts";
import { processIsAlive } from "./minikube/generation.ts";
import { minikubeHome } from "./minikube/home.ts";
import { observeProfile, type Profile } from "./minikube/observe.ts";
import { type Preflight, preflight } from "./preflight/preflight.ts";
import { runTool } from "./run-tool.ts";

/** The machine that the program runs on, as far as a cluster depends on it. */
export interface Host {
  check(config: ClusterConfig, versions: Versions): Promise<Preflight>;
  profile(name: string): Promise<Profile>;
  isAlive(process: number): boolean;
  /** A value that was never there before. */
  fresh(): string;
}

/** The user's machine: its programs, and minikube's directory. */
const thisMachine: Host = {
  check: (config, versions) => preflight(config, versions, runTool()),
  profile: (name) => observeProfile(name, minikubeHome(), runTool()),
  isAlive: processIsAlive,
  fresh: () => randomBytes(8).toString("hex"),
};

/** A machine with nothing on it and nothing missing: for rehearsals and tests, which look at no real one. */
export const imaginedMachine: Host = {
  check: async () => ({ complaints: [], warnings: [] }),
  profile: async () => ({ kind: "absent" }),
  isAlive: () => false,
  fresh: () => "rehearsal",
};

type Environment = Readonly<Record<string, string | undefined>>;

/** LEARN_REHEARSAL, set to anything, keeps the program from looking at the machine it runs on, and from the network. */
export function isRehearsal(env: Environment = process.env): boolean {
  return env.LEARN_REHEARSAL !== undefined && env.LEARN_REHEARSAL !== "";
}

export function hostOf(env: Environment = process.env): Host {
  return isRehearsal(env) ? imaginedMachine : thisMachine;
}
