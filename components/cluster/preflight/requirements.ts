import type { Run } from "../run-tool.ts";

/** A program that must be on the user's machine. */
export interface Requirement {
  readonly tool: string;
  /** Asks for the version without changing anything. */
  readonly args: readonly string[];
  /** Oldest version that will do; undefined where any will. */
  readonly least?: string;
  /** Where to get it. */
  readonly home: string;
  /** What to do when the program is there but fails: its daemon does not run, most often. */
  readonly whenItFails?: string;
  /** Reads the version out of what the program prints. */
  version(stdout: string): string | undefined;
}

/** What is wrong with one requirement, in one line; undefined when it is met. */
export async function complaint(requirement: Requirement, run: Run): Promise<string | undefined> {
  const { tool, args, least, home, whenItFails } = requirement;
  const needs = least === undefined ? "" : `, needs ${least} or newer`;
  const result = await run(tool, args);
  if (result === undefined) return `${tool}: not found${needs}. Get it: ${home}`;
  const found = requirement.version(result.stdout);
  if (result.code !== 0 && (found === undefined || whenItFails !== undefined))
    return `${tool}: installed, but fails: ${firstLine(result.stderr)}. ${whenItFails ?? `See ${home}`}`;
  if (least === undefined) return undefined;
  if (found === undefined) return `${tool}: found, but its version cannot be read${needs}. See ${home}`;
  return isOlder(found, least) ? `${tool}: found ${found}${needs}. Get it: ${home}` : undefined;
}

/** By numbers alone: Docker writes months with a leading zero, which semver refuses. */
export function isOlder(found: string, least: string): boolean {
  const [a, b] = [numbersOf(found), numbersOf(least)];
  const at = b.findIndex((number, index) => number !== (a[index] ?? 0));
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

function numbersOf(version: string): number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? "").split(".").map(Number);
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0]?.replace(/\.$/, "") ?? "";
}

/** The first `1.2.3` or `1.2` in a text. */
export function anyVersion(text: string): string | undefined {
  return /\d+\.\d+(\.\d+)?/.exec(text)?.[0];
}
