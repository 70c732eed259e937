import { createHash } from "node:crypto";
import type { MinikubeConfig } from "../../../config/schema.ts";
import type { Versions } from "../../../config/versions.ts";
import { type output, z } from "../../../config/zod.ts";

/** What minikube cannot change on an existing cluster: it would only warn and go on with the old values. */
export const fixedSettings = z.strictObject({
  kubernetes: z.string(),
  driver: z.string(),
  containerRuntime: z.string(),
  cpus: z.int(),
  memory: z.string(),
  disk: z.string().optional(),
  subnet: z.string().optional(),
});
export type FixedSettings = output<typeof fixedSettings>;

/** All that describes a cluster of the stack's own. */
export const minikubeSettings = z.strictObject({
  stack: z.string(),
  profile: z.string(),
  fixed: fixedSettings,
  /** Makes the cluster kubectl's current context. */
  switchContext: z.boolean(),
  /** Starts the API server with the EncryptionConfiguration of components/cluster/encryption. */
  encrypted: z.boolean(),
});
export type MinikubeSettings = output<typeof minikubeSettings>;

/** The settings that a stack file asks for; the profile is named after the stack unless it says otherwise. */
export function settingsOf(
  stack: string,
  config: MinikubeConfig,
  versions: Pick<Versions, "kubernetes">,
  encrypted: boolean,
): MinikubeSettings {
  const { profile = stack, driver, containerRuntime, cpus, memory, disk, subnet, switchContext } = config;
  return {
    stack,
    profile,
    fixed: {
      kubernetes: versions.kubernetes,
      driver,
      containerRuntime,
      cpus,
      memory,
      ...(disk === undefined ? {} : { disk }),
      ...(subnet === undefined ? {} : { subnet }),
    },
    switchContext,
    encrypted,
  };
}

/** What replaces the cluster when it changes, as the triggers of its command, readable in a preview. */
export function triggers({ profile, fixed }: MinikubeSettings, generation: string): string[] {
  const settings = Object.entries(fixed).map(([key, value]) => `${key}=${value}`);
  return [`profile=${profile}`, ...settings, `generation=${generation}`];
}

/**
 * The provider's `clusterIdentifier`: another value tells the engine that this is another cluster, on which everything
 * has to be created anew; the same value, that a changed address or port is still the same cluster.
 */
export function clusterIdentifier(settings: MinikubeSettings, generation: string): string {
  const hash = createHash("sha256").update(JSON.stringify(triggers(settings, generation)));
  return `${settings.profile}-${hash.digest("hex").slice(0, 16)}`;
}
