import type { Manifest } from "../../components/kubernetes/apply.ts";
import { isPlainObject } from "../../components/stack/mirror-images.ts";
import type { KubeObject, Sourced } from "../manifests/object.ts";
import { UNKNOWN } from "../manifests/unknown.ts";

/**
 * Registered manifests as the objects they will be: what is an Output (known only after something was created) becomes
 * {@link UNKNOWN}, and a patch of a built-in namespace counts as that namespace.
 */
export function objectsOf(manifests: readonly Manifest[]): Sourced[] {
  return manifests.map((manifest) => ({ object: asObject(manifest) }));
}

function asObject(manifest: Manifest): KubeObject {
  const { status: _, ...fields } = manifest;
  const { apiVersion, kind, metadata } = manifest;
  const known = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, withoutOutputs(value)]));
  return {
    ...known,
    apiVersion,
    kind: kind === "NamespacePatch" ? "Namespace" : kind,
    metadata: {
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ...(metadata.labels === undefined ? {} : { labels: { ...metadata.labels } }),
      ...(metadata.annotations === undefined ? {} : { annotations: { ...metadata.annotations } }),
    },
  };
}

function withoutOutputs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOutputs);
  if (isPlainObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withoutOutputs(field)]));
  }
  return typeof value === "object" && value !== null ? UNKNOWN : value;
}
