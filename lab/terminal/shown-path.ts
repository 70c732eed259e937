import { relative, resolve } from "node:path";

/** A path as seen from the working directory ("out/learn-05"), or in full where it is not below it. */
export function shownPath(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith("..") ? resolve(path) : below || ".";
}
