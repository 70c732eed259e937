import * as pulumi from "@pulumi/pulumi";
import type { PatchConfig } from "../../config/schema.ts";
import type { Manifest } from "../kubernetes/apply.ts";
import { mergePatch } from "./merge-patch.ts";
import { mirrorImages } from "./mirror-images.ts";

export interface StackPolicy {
  /** learn:patches, applied to the object they name. */
  readonly patches: readonly PatchConfig[];
  /** learn:mirror.images: registry prefix in front of every container image. */
  readonly imageMirror?: string | undefined;
  /** The resource with which everything on the cluster goes (that of a minikube of the stack's own). */
  readonly deletedWith: () => pulumi.Resource | undefined;
}

/** What the policy saw while the program ran. */
export interface StackRecord {
  /** Every Kubernetes object, as it is registered. */
  readonly manifests: readonly Manifest[];
  /** Patches that named no object. */
  unusedPatches(): PatchConfig[];
}

/**
 * Looks at every Kubernetes resource and step of the stack just before it is registered: applies patches and the image mirror,
 * adds `deletedWith`, and keeps a record of the objects for the wiring check.
 */
export function applyStackPolicy(policy: StackPolicy): StackRecord {
  const manifests: Manifest[] = [];
  const used = new Set<PatchConfig>();
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    // The commands that make the cluster are registered already; all others are steps on it.
    if (!type.startsWith("kubernetes:") && type !== "command:local:Command") return undefined;
    const deletedWith = policy.deletedWith();
    const withCluster = deletedWith ? { ...opts, deletedWith } : opts;
    if (!isManifest(props)) return { props, opts: withCluster };
    const manifest = prepare(props, policy, used);
    manifests.push(manifest);
    return { props: manifest, opts: withCluster };
  });
  return { manifests, unusedPatches: () => policy.patches.filter((patch) => !used.has(patch)) };
}

function prepare(manifest: Manifest, policy: StackPolicy, used: Set<PatchConfig>): Manifest {
  let result = manifest;
  for (const patch of policy.patches) {
    if (!names(patch, manifest)) continue;
    used.add(patch);
    const merged = mergePatch(result, patch.merge);
    if (isManifest(merged)) result = merged;
  }
  return policy.imageMirror === undefined ? result : mirrorImages(result, policy.imageMirror);
}

function names(patch: PatchConfig, { kind, metadata }: Manifest): boolean {
  return patch.kind === kind && patch.name === metadata.name && (patch.namespace ?? undefined) === metadata.namespace;
}

function isManifest(props: unknown): props is Manifest {
  if (typeof props !== "object" || props === null) return false;
  return "apiVersion" in props && "kind" in props && "metadata" in props;
}
