/**
 * Levels of objects and lists that a manifest may have; schemas in CRDs have some forty. Whatever walks through a manifest
 * calls itself once a level, so there must be an end.
 */
export const DEEPEST = 200;

export const TOO_DEEP = `objects and lists nest deeper than ${DEEPEST} levels`;

/** True for a value that nests deeper than {@link DEEPEST}, or that holds itself. */
export function isTooDeep(value: unknown, levels = DEEPEST): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1));
}
