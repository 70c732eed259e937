import { encryptionFlags } from "../encryption/place.ts";
import type { MinikubeSettings } from "./settings.ts";

/**
 * Arguments of `minikube start`. All of them every time: minikube keeps what it is not told, except that any
 * `--extra-config` replaces the whole list it had.
 */
export function startArguments({ profile, fixed, switchContext, encrypted }: MinikubeSettings): string[] {
  return [
    "start",
    `--profile=${profile}`,
    "--output=json",
    "--interactive=false",
    `--kubernetes-version=${fixed.kubernetes}`,
    `--driver=${fixed.driver}`,
    `--container-runtime=${fixed.containerRuntime}`,
    `--cpus=${fixed.cpus}`,
    `--memory=${fixed.memory}`,
    ...(fixed.disk === undefined ? [] : [`--disk-size=${fixed.disk}`]),
    ...(fixed.subnet === undefined ? [] : [`--subnet=${fixed.subnet}`]),
    ...(switchContext ? [] : ["--keep-context"]),
    "--wait=apiserver,system_pods,default_sa,node_ready",
    "--wait-timeout=10m",
    ...(encrypted ? encryptionFlags(profile).map((flag) => `--extra-config=${flag}`) : []),
  ];
}
