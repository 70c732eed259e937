import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type MinikubeHome, minikubeHome } from "../../components/cluster/minikube/home.ts";
import { readProfile } from "../../components/cluster/minikube/stamp.ts";

/** minikube profiles that were made for a stack and are still there: of a start that was interrupted, for instance. */
export function leftovers(stack: string, home: MinikubeHome = minikubeHome()): string[] {
  const directory = join(home.root, "profiles");
  if (!existsSync(directory)) return [];
  return readdirSync(directory).filter((name) => {
    const profile = readProfile(home.profile(name));
    return profile.kind === "ours" && profile.stamp.stack === stack;
  });
}
