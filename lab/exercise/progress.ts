import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type output, z } from "../../config/zod.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { VisibleError } from "../terminal/visible-error.ts";

const entry = z.object({
  /** How many hints have been shown. */
  hints: z.int().min(0).default(0),
  solutionShown: z.boolean().default(false),
  mended: z.boolean().default(false),
});
const file = z.record(z.string(), entry);

export type Entry = output<typeof entry>;

/** What a learner has done, by the names of exercises; one that is not there has not been begun. */
export type Progress = Readonly<Record<string, Entry>>;

/** @throws VisibleError when the file is not what this program writes */
export async function readProgress(path: string): Promise<Progress> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw new VisibleError(`cannot read ${shownPath(path)}: ${error.message}`);
  });
  try {
    return file.parse(JSON.parse(text));
  } catch {
    throw new VisibleError(
      `${shownPath(path)} does not hold the progress of exercises any more: delete it, and begin anew`,
    );
  }
}

/** Written beside and moved into place, so that an interruption loses nothing. */
export async function writeProgress(path: string, progress: Progress): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify(progress, null, 2)}\n`);
  await rename(`${path}.new`, path);
}

/** Progress with one entry changed; begun where it was not. */
export function withEntry(progress: Progress, name: string, change: Partial<Entry>): Progress {
  const known = progress[name] ?? { hints: 0, solutionShown: false, mended: false };
  return { ...progress, [name]: { ...known, ...change } };
}

/** Progress as if an exercise had never been begun. */
export function without(progress: Progress, name: string): Progress {
  return Object.fromEntries(Object.entries(progress).filter(([other]) => other !== name));
}
