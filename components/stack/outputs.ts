import type * as pulumi from "@pulumi/pulumi";
import { vaultAddress } from "../../config/derive/vault.ts";
import type { Prototype } from "../../config/schema.ts";
import type { Cluster } from "../cluster/index.ts";
import { type AuthorityOutput, authorityOutputs } from "./authority-outputs.ts";
import { type Endpoint, endpointsOf } from "./endpoints.ts";
import type { LearningStack } from "./stack.ts";

/** What a stack tells the outside; nothing else is exported. */
export interface StackOutputs {
  /** Every request that is promised an answer: where to send it, whom to trust, what to expect. */
  readonly endpoints: readonly Endpoint[];
  /** Roots to trust, by entry of learn:issuers. */
  readonly authorities: Readonly<Record<string, AuthorityOutput>>;
  readonly kubeContext: string;
  /** Inside the cluster; only with Vault. */
  readonly vaultAddress?: string;
  /** Root token, a secret; only with Vault. */
  readonly vaultToken?: pulumi.Output<string>;
}

export function stackOutputs(
  prototype: Prototype,
  cluster: Cluster,
  { platform, authorities, traffic }: LearningStack,
): StackOutputs {
  return {
    endpoints: endpointsOf(prototype, traffic),
    authorities: authorityOutputs(prototype, authorities),
    kubeContext: cluster.context,
    ...(platform.vault ? { vaultAddress, vaultToken: platform.vault.keys.apply(({ rootToken }) => rootToken) } : {}),
  };
}
