import { type Command, CommanderError } from "commander";
import { VisibleError } from "./visible-error.ts";

/**
 * Parses a command line without ever ending the process.
 * @param args without the program's own name
 * @returns the arguments; undefined when only help was asked for, which has then been printed
 * @throws VisibleError with commander's own words for a wrong option or argument
 */
export function parseArguments(program: Command, args: readonly string[]): string[] | undefined {
  usageAsTyped(program)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  try {
    return program.parse(args, { from: "user" }).args;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const what = error.message.replace(/^error: |\.$/g, "");
    throw new VisibleError(`${what}; see \`npm run ${program.name()} -- --help\``);
  }
}

/** Help that shows the command as it is typed, by npm. */
export function usageAsTyped(program: Command): Command {
  const npm = program.name() === "start" ? "npm" : "npm run";
  return program.configureHelp({ commandUsage: (command) => `${npm} ${command.name()} -- ${command.usage()}` });
}
