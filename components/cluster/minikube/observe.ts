import { z } from "../../../config/zod.ts";
import type { Run } from "../run-tool.ts";
import type { MinikubeHome } from "./home.ts";
import { type ProfileFiles, readProfile } from "./stamp.ts";

/**
 * What the profile's machine does: `gone` when its container or virtual machine was taken away, `unknown` when minikube
 * could not tell.
 */
export type Power = "running" | "stopped" | "gone" | "unknown";

/** A profile as found: its files and its machine. */
export type Profile = Exclude<ProfileFiles, { kind: "ours" }> | (OursOnDisk & { readonly power: Power });
type OursOnDisk = Extract<ProfileFiles, { kind: "ours" }>;

/** Looks at a profile; minikube is asked only about one that this program made. */
export async function observeProfile(name: string, home: MinikubeHome, run: Run): Promise<Profile> {
  const files = readProfile(home.profile(name));
  if (files.kind !== "ours") return files;
  if (files.stamp.phase !== "ready") return { ...files, power: "unknown" };
  const status = await run("minikube", ["status", `--profile=${name}`, "--output=json"]);
  return { ...files, power: status === undefined ? "unknown" : powerOf(status.stdout) };
}

const nodeStatus = z.object({ Host: z.string(), APIServer: z.string(), Kubeconfig: z.string().optional() });

/**
 * Reads `minikube status -o json`: one object, or a list for a cluster of several nodes, of which the first is the
 * control plane. A machine that runs without an API server, or that kubectl's configuration no longer points at, counts
 * as stopped: `minikube start` mends all of these.
 * https://github.com/kubernetes/minikube/blob/master/pkg/minikube/cluster/status.go
 */
export function powerOf(statusJson: string): Power {
  const status = z.union([nodeStatus, z.array(nodeStatus).min(1)]).safeParse(parse(statusJson));
  if (!status.success) return "unknown";
  const node = Array.isArray(status.data) ? status.data[0] : status.data;
  if (node === undefined) return "unknown";
  if (node.Host === "Nonexistent") return "gone";
  const configured = node.Kubeconfig === undefined || ["Configured", "Irrelevant"].includes(node.Kubeconfig);
  return node.Host === "Running" && node.APIServer === "Running" && configured ? "running" : "stopped";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
