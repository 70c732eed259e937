import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";

/** Where minikube keeps things; the same rules as its own `localpath` package. */
export interface MinikubeHome {
  /** `~/.minikube`, or what MINIKUBE_HOME says. */
  readonly root: string;
  /** A profile's directory: minikube's config.json, and this program's stamp. It goes with the profile. */
  profile(name: string): string;
  /** Files below it are copied into every node at each start: `files/etc/x` becomes `/etc/x`. */
  readonly files: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds minikube's directory from MINIKUBE_HOME, which may name it or its parent, or else from the user's home.
 * https://github.com/kubernetes/minikube/blob/master/pkg/minikube/localpath/localpath.go
 */
export function minikubeHome(env: Environment = process.env, userHome: string = homeOf(env)): MinikubeHome {
  const set = env.MINIKUBE_HOME;
  const parent = set === undefined || set === "" ? userHome : set;
  const root = basename(parent) === ".minikube" ? parent : join(parent, ".minikube");
  return { root, profile: (name) => join(root, "profiles", name), files: join(root, "files") };
}

/** On Windows, kubectl and minikube take the first of these that has a kubeconfig, else the first that exists. */
function homeOf(env: Environment): string {
  if (process.platform !== "win32") return homedir();
  const { HOME, HOMEDRIVE = "", HOMEPATH, USERPROFILE } = env;
  const candidates = [HOME, HOMEPATH && `${HOMEDRIVE}${HOMEPATH}`, USERPROFILE].filter((path) => path !== undefined);
  const withConfig = candidates.find((path) => existsSync(join(path, ".kube", "config")));
  return withConfig ?? candidates.find((path) => path !== "" && existsSync(path)) ?? homedir();
}
