import { type output, z } from "../../../../config/zod.ts";
import { configureStep } from "./operations.ts";

const target = {
  context: z.string(),
  kubeconfig: z.string().optional(),
  namespace: z.string(),
  replicas: z.number(),
};

/** What a step is told; secrets come on stdin instead. */
export const vaultParameters = z.discriminatedUnion("task", [
  z.object({ task: z.literal("pods"), ...target }),
  z.object({ task: z.literal("init"), ...target }),
  /** stdin: `{"unsealKey","rootToken"}` */
  z.object({ task: z.literal("unseal"), ...target }),
  /** stdin: the root token */
  z.object({ task: z.literal("configure"), ...target, step: configureStep }),
  z.object({ task: z.literal("certificate"), ...target, sha256: z.string() }),
]);
export type VaultParameters = output<typeof vaultParameters>;
