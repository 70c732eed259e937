import pc from "./colours.ts";
import { VisibleError } from "./visible-error.ts";

/**
 * Runs a command-line program: its number is the exit code; a {@link VisibleError} becomes one message and its code;
 * anything else is a defect and keeps its stack trace.
 */
export async function runMain(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof VisibleError)) throw error;
    process.stderr.write(`${pc.red("error:")} ${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
