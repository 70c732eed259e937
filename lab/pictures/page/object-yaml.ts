import { stringify } from "yaml";
import { isFields } from "../../manifests/fields.ts";
import type { KubeObject, Sourced } from "../../manifests/object.ts";
import { UNKNOWN } from "../../manifests/unknown.ts";

/** "Gateway mango/mango-gateway", the namespace as far as it is written. */
export function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
}

/** An object as YAML: no status, no Secret's values, and words for what is not known yet. */
export function yamlOf({ object }: Sourced): string {
  const { apiVersion, kind, metadata, status: _, ...rest } = hideValues(object, "(hidden)");
  return stringify({ apiVersion, kind, metadata, ...rest }, { lineWidth: 100 }).replaceAll(
    UNKNOWN,
    "(known after creation)",
  );
}

/** An object for the page's own use: a Secret's values are empty. */
export function withoutValues({ object }: Sourced): KubeObject {
  return hideValues(object, "");
}

/** A Secret's keys count (a TLS Secret needs two of them), its values do not. */
function hideValues(object: KubeObject, instead: string): KubeObject {
  if (object.kind !== "Secret") return object;
  const hidden: KubeObject = { ...object };
  for (const field of ["data", "stringData"]) {
    const values = object[field];
    if (isFields(values)) hidden[field] = Object.fromEntries(Object.keys(values).map((key) => [key, instead]));
  }
  // kubectl apply keeps a copy of the whole object here.
  const annotations = { ...object.metadata.annotations };
  delete annotations["kubectl.kubernetes.io/last-applied-configuration"];
  return { ...hidden, metadata: { ...object.metadata, annotations } };
}
