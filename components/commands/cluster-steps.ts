import { type output, z } from "../../config/zod.ts";

/** Steps of components/cluster: their names and what they print on stdout. */
export const minikubeStep = "minikube";
export const encryptionStep = "encryption";

/** `{"ip":"192.168.49.2","context":"learn-05","kubernetes":"v1.36.4","generation":"…"}` */
export const minikubeResult = z.object({
  /** Address of the node, from which the pool of LoadBalancer addresses is derived. */
  ip: z.string(),
  /** The kubeconfig context, which minikube names like the profile. */
  context: z.string(),
  kubernetes: z.string(),
  generation: z.string(),
});
export type MinikubeResult = output<typeof minikubeResult>;

/** `{"key":"key1","provider":"secretbox","resources":["secrets"]}`: what new objects are written with. */
export const encryptionResult = z.object({ key: z.string(), provider: z.string(), resources: z.array(z.string()) });
export type EncryptionResult = output<typeof encryptionResult>;
