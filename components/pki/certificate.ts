import type * as pulumi from "@pulumi/pulumi";
import { apply, type KubernetesObject } from "../kubernetes/apply.ts";
import type { Leaf } from "./authority.ts";
import { certificateManifest } from "./certificate-manifest.ts";

/** Registers a cert-manager Certificate signed by an Issuer of its namespace. */
export function certificate(leaf: Leaf, issuer: string, opts: pulumi.CustomResourceOptions): KubernetesObject {
  return apply(certificateManifest(leaf, issuer), opts);
}
