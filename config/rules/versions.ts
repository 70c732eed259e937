import type { Problem } from "../problem.ts";
import type { Prototype } from "../schema.ts";
import { knownBad, resolveVersions } from "../versions.ts";

/** Combinations of versions that are known not to work, refused before anything starts. */
export function versionProblems(prototype: Prototype): Problem[] {
  return knownBad(prototype, resolveVersions(prototype.versions)).map((message) => {
    const [, path = "versions", text = message] = /^learn:([\w.]+): (.*)$/s.exec(message) ?? [];
    return { path: path.split("."), message: text };
  });
}
