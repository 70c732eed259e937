/** The type of the resource at the root of every program. */
export const STACK_TYPE = "pulumi:pulumi:Stack";

/**
 * The URN the engine gives a resource: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`; the stack, though
 * a parent, is left out of the types.
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#urns (sdk/go/common/resource/urn `New`)
 */
export function makeUrn(stack: string, project: string, parent: string, type: string, name: string): string {
  const parentType = parent === "" ? "" : typesOf(parent);
  const types = parentType === "" || parentType === STACK_TYPE ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${types}::${name}`;
}

/** The `$`-joined chain of types in a URN. */
export function typesOf(urn: string): string {
  return urn.split("::")[2] ?? "";
}

/** The name in a URN, which may itself contain "::". */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** A person's short form: "Gateway mango-gateway" or "kubernetes:core/v1:Service mango-svc". */
export function describeUrn(urn: string): string {
  return `${typesOf(urn).split("$").at(-1)} ${nameOf(urn)}`;
}
