import type { Command } from "commander";
import { parseArguments } from "./arguments.ts";
import { VisibleError } from "./visible-error.ts";

/** A command that reads manifests: they are its arguments or, as with kubectl, follow `-f`. */
export function takesManifests(program: Command): Command {
  return program
    .argument("[manifests...]", "YAML or JSON: files, directories, or - for standard input")
    .option("-f, --filename <path...>", "the same, as kubectl has it");
}

/**
 * Parses the command line of such a command.
 * @returns the paths; undefined when only help was asked for, which has then been printed
 * @throws VisibleError for a wrong option, or when no manifests are named
 */
export function manifestPaths(program: Command, args: readonly string[]): string[] | undefined {
  const named = parseArguments(program, args);
  if (named === undefined) return undefined;
  const paths = [...named, ...(program.opts<{ filename?: string[] }>().filename ?? [])];
  if (paths.length > 0) return paths;
  throw new VisibleError(
    `no manifests are named: give files, directories, or - for standard input, as in \`npm run ${program.name()} -- my-manifests/\``,
  );
}
