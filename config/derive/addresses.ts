import type { Prototype } from "../schema.ts";

/** Who gives a Service of type LoadBalancer its address: our MetalLB pool, the cluster itself, or nobody. */
export type AddressSource = "pool" | "cluster" | "none";

export function addressSource({ cluster, platform }: Pick<Prototype, "cluster" | "platform">): AddressSource {
  if (platform.metallb) return "pool";
  if (cluster.minikube) return "none";
  return (cluster.loadBalancer ?? true) ? "cluster" : "none";
}
