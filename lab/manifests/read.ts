import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { text as readStream } from "node:stream/consumers";
import { VisibleError } from "../terminal/visible-error.ts";
import type { Sourced } from "./object.ts";
import { parseManifests } from "./parse.ts";

const MANIFEST_FILE = /\.(ya?ml|json)$/i;
/** Files that Kustomize and Helm keep beside manifests, left out when a directory is read. */
const NOT_MANIFESTS = /^(kustomization|values|Chart)\.ya?ml$/;

/**
 * Reads manifests as `kubectl -f` does: a YAML or JSON file, a directory (recursively; *.yaml, *.yml, *.json; hidden ones
 * and node_modules left out), or "-" for standard input; several documents to a file, `List` kinds flattened.
 * @throws VisibleError one for all inputs together, a line for each mistake, with file, line and column
 */
export async function readManifests(
  paths: readonly string[],
  stdin: NodeJS.ReadableStream = process.stdin,
): Promise<Sourced[]> {
  const objects: Sourced[] = [];
  const mistakes: string[] = [];
  for (const path of paths) {
    const files = path === "-" ? ["-"] : await manifestFiles(path);
    let found = 0;
    const mistakesBefore = mistakes.length;
    for (const file of files) {
      const content = file === "-" ? await readStream(stdin) : await readFile(file, "utf8");
      const parsed = parseManifests(content, file);
      found += parsed.objects.length;
      for (const object of parsed.objects) objects.push(object);
      mistakes.push(...parsed.mistakes);
    }
    if (found === 0 && mistakes.length === mistakesBefore) mistakes.push(`${inputName(path)}: holds no manifest`);
  }
  if (mistakes.length > 0) throw new VisibleError(["cannot read the manifests", ...mistakes.map((m) => `  ${m}`)]);
  return objects;
}

/** How messages name an input: its path, or "standard input" for "-". */
export function inputName(path: string): string {
  return path === "-" ? "standard input" : path;
}

async function manifestFiles(path: string): Promise<string[]> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "no such file or directory" : error.message;
    throw new VisibleError(`cannot read ${path}: ${why}`);
  });
  if (!info.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && MANIFEST_FILE.test(entry.name) && !NOT_MANIFESTS.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !relative(path, file)
          .split(sep)
          .some((step) => step === "node_modules" || step.startsWith(".")),
    )
    .sort();
}
