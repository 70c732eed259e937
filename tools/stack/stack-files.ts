import { readdir } from "node:fs/promises";
import { basename } from "node:path";
import { nearest } from "../../config/nearest.ts";
import { VisibleError } from "../../lab/terminal/visible-error.ts";

const pattern = /^Pulumi\.(.+)\.yaml$/;

/** Names of all stack files in a directory; a user's own are among them. */
export async function stackNames(directory: string): Promise<string[]> {
  const files = await readdir(directory);
  return files.flatMap((file) => pattern.exec(file)?.[1] ?? []).sort();
}

/**
 * The stack that is meant: its name, or the path of its file.
 * @throws VisibleError when there is none, with the nearest name and all there are
 */
export function stackNamed(given: string | undefined, verb: string, names: readonly string[]): string {
  const all = [
    `There are: ${names.join(", ")}.`,
    "A stack of your own is a file stacks/Pulumi.<name>.yaml; copy the one that comes nearest.",
  ];
  if (given === undefined || given.startsWith("-"))
    throw new VisibleError([`which stack? npm run ${verb} -- <stack> [flags of pulumi ${verb}]`, ...all]);
  const name = pattern.exec(basename(given))?.[1] ?? given;
  if (names.includes(name)) return name;
  const near = nearest(name, names);
  throw new VisibleError([`no stack named ${name}${near === undefined ? "" : `; did you mean ${near}?`}`, ...all]);
}
