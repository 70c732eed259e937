import type { z } from "zod";
import { Gaps } from "./gaps.ts";
import { type Path, valueAt } from "./problem.ts";

/** As much of a configuration as can be read, and where its gaps are. */
export interface Salvaged<Config> {
  readonly config: Config;
  readonly gaps: Gaps;
}

/**
 * Cuts what is wrong out of a configuration until its schema takes the rest.
 *
 * @returns undefined where nothing can be left out that would make it right
 */
export function salvage<Config extends object>(
  schema: z.ZodType<Config>,
  values: object,
): Salvaged<Config> | undefined {
  const rest = structuredClone(values);
  const gaps = new Gaps();
  for (;;) {
    const result = schema.safeParse(rest);
    if (result.success) return { config: gaps.guard(result.data, rest), gaps };
    const cutNow = new Gaps();
    for (const issue of result.error.issues) {
      const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
      if (cutNow.has(path)) continue;
      if (issue.code === "unrecognized_keys") {
        cutMisspelt(rest, path, issue.keys, gaps);
      } else if (issue.code === "invalid_key") {
        cutMisspelt(rest, path.slice(0, -1), path.slice(-1), gaps);
      } else {
        const part = cutPart(rest, path);
        if (part === undefined) return undefined;
        gaps.add(part);
        cutNow.add(part);
      }
    }
  }
}

function cutMisspelt(rest: object, path: Path, keys: Path, gaps: Gaps): void {
  for (const key of keys) Reflect.deleteProperty(Object(valueAt(rest, path)), key);
  gaps.addMisspelt(path);
}

/** Cuts out what stands at a path, or the nearest part around it that can be left out: what is missing, and entries of lists, cannot. */
function cutPart(rest: object, path: Path): Path | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const part = path.slice(0, length);
    const [parent, key] = [valueAt(rest, part.slice(0, -1)), part.at(-1)];
    const leavable = typeof parent === "object" && parent !== null && !Array.isArray(parent);
    if (leavable && key !== undefined && Object.hasOwn(parent, key)) {
      Reflect.deleteProperty(parent, key);
      return part;
    }
  }
  return undefined;
}
