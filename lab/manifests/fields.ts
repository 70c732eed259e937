// Reading unchecked manifests: a field of the wrong type reads as absent, because the schema check reports it.

export type Fields = Record<string, unknown>;

/** True for a plain JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object; `{}` when it is anything else. */
export function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The object at a path of field names; `{}` when any step is not an object. */
export function fieldsAt(value: unknown, ...path: string[]): Fields {
  let at = fields(value);
  for (const step of path) at = fields(at[step]);
  return at;
}

/** The value as a list; `[]` when it is anything else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The list's objects, anything else in it left out. */
export function fieldsList(value: unknown): Fields[] {
  return list(value).filter(isFields);
}

/** The list's strings, anything else in it left out. */
export function textList(value: unknown): string[] {
  return list(value).filter((entry) => typeof entry === "string");
}

/** The value when it is a string. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value when it is a number. */
export function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The string-valued entries of an object (labels, annotations, selectors). */
export function textMap(value: unknown): Record<string, string> {
  const map: Record<string, string> = {};
  for (const [key, entry] of Object.entries(fields(value))) if (typeof entry === "string") map[key] = entry;
  return map;
}

/**
 * The value without fields that are null, which mean the same as absent ones to the API server; the value itself when it
 * has none. Entries of lists keep their places.
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting-and-nullable
 */
export function withoutNulls<T>(value: T): T {
  if (!hasNulls(value)) return value;
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  const kept = Object.entries(value as Fields).filter(([, entry]) => entry !== null);
  return Object.fromEntries(kept.map(([key, entry]) => [key, withoutNulls(entry)])) as T;
}

function hasNulls(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasNulls);
  return isFields(value) && Object.values(value).some((entry) => entry === null || hasNulls(entry));
}
