import type * as pulumi from "@pulumi/pulumi";
import type { MirrorConfig } from "../../config/schema.ts";
import type { Versions } from "../../config/versions.ts";
import { apply, type KubernetesObject } from "../kubernetes/apply.ts";
import { mirrored } from "../stack/mirror-images.ts";
import type { Values } from "./charts/merge-values.ts";

/** What every part of the platform is told. */
export interface PartArgs {
  readonly versions: Versions;
  readonly mirror: MirrorConfig;
  /** The stack's own Helm values, merged over ours. */
  readonly values?: Values | undefined;
}

/** An image under its public name, or behind the stack's mirror. */
export function imageName(image: string, { images }: MirrorConfig): string {
  return images === undefined ? image : mirrored(image, images);
}

/** `docker.io/istio` or `<mirror>/istio`: the registry and folder of images that a chart puts names behind. */
export function imageHome(home: string, mirror: MirrorConfig): string {
  return imageName(`${home}/x`, mirror).replace(/\/x$/, "");
}

/** A namespace of a part's own. `privileged`: its pods touch the node (network, /proc), which Pod Security must allow. */
export function ownNamespace(
  name: string,
  opts: pulumi.CustomResourceOptions,
  { privileged = false } = {},
): KubernetesObject {
  const labels: Record<string, string> = privileged ? { "pod-security.kubernetes.io/enforce": "privileged" } : {};
  return apply({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } }, opts);
}
