import { isPlainObject } from "../../stack/mirror-images.ts";

export type Values = Readonly<Record<string, unknown>>;

/** Helm's own way of laying values over values: objects merge, everything else (lists too) is replaced; null unsets. */
export function mergeValues(ours: Values, ...over: readonly (Values | undefined)[]): Values {
  const merged: Record<string, unknown> = { ...ours };
  for (const [key, value] of over.flatMap((values) => Object.entries(values ?? {}))) {
    const below = merged[key];
    merged[key] = isPlainObject(below) && isPlainObject(value) ? mergeValues(below, value) : value;
  }
  return merged;
}
