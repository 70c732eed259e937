import { fieldsList, text } from "../manifests/fields.ts";
import type { Sourced } from "../manifests/object.ts";
import { namespaceOf } from "../manifests/object.ts";
import { KINDS, type ObjectIndex } from "../manifests/object-index.ts";
import { isUnknown } from "../manifests/unknown.ts";
import type { GroupKind } from "./model.ts";

/** One end of a reference that crosses namespaces. */
export interface GrantFrom extends GroupKind {
  readonly namespace: string;
}
export interface GrantTo extends GroupKind {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The ReferenceGrants of a set. A reference is granted when one grant in the target's namespace lists both its origin
 * under `from` and its target under `to`; grants add up.
 * @see https://gateway-api.sigs.k8s.io/api-types/referencegrant/ and GEP-709
 */
export class ReferenceGrants {
  readonly #byNamespace = new Map<string, Sourced[]>();

  constructor(objects: ObjectIndex) {
    for (const grant of objects.all(KINDS.referenceGrant)) {
      const namespace = namespaceOf(grant.object) ?? "";
      const grants = this.#byNamespace.get(namespace) ?? [];
      grants.push(grant);
      this.#byNamespace.set(namespace, grants);
    }
  }

  /** The ReferenceGrants of a namespace. */
  of(namespace: string): readonly Sourced[] {
    return this.#byNamespace.get(namespace) ?? [];
  }

  /** True when the reference stays in its namespace or is granted. */
  permits(from: GrantFrom, to: GrantTo): boolean {
    if (from.namespace === to.namespace || isUnknown(from.namespace) || isUnknown(to.namespace)) return true;
    return this.of(to.namespace).some((grant) => grantsFrom(grant, from) && grantsTo(grant, to));
  }
}

function grantsFrom(grant: Sourced, from: GrantFrom): boolean {
  return entries(grant, "from").some(
    (entry) =>
      (text(entry.group) ?? "") === from.group &&
      text(entry.kind) === from.kind &&
      (text(entry.namespace) === from.namespace || isUnknown(entry.namespace)),
  );
}

function grantsTo(grant: Sourced, to: GrantTo): boolean {
  return entries(grant, "to").some((entry) => {
    const name = text(entry.name);
    const names = name === undefined || name === "" || name === to.name || isUnknown(name);
    return (text(entry.group) ?? "") === to.group && text(entry.kind) === to.kind && names;
  });
}

function entries(grant: Sourced, side: "from" | "to") {
  const { spec } = grant.object;
  return fieldsList(typeof spec === "object" && spec !== null ? (spec as Record<string, unknown>)[side] : undefined);
}
