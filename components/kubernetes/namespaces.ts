import type { NamespaceSpec } from "../../config/derive/namespaces.ts";
import type { Manifest } from "./apply.ts";

/** Namespaces that every cluster has; they are labelled, never created or deleted. */
const builtIn = new Set(["default", "kube-system", "kube-public", "kube-node-lease"]);

/**
 * The Namespace object, or for a built-in namespace a patch that adds the labels (server-side apply of the labels alone);
 * undefined where there is nothing to do.
 */
export function namespaceManifest({ name, labels }: NamespaceSpec): Manifest | undefined {
  if (!builtIn.has(name)) return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
  if (Object.keys(labels).length === 0) return undefined;
  return { apiVersion: "v1", kind: "NamespacePatch", metadata: { name, labels } };
}
