import { execFile } from "node:child_process";

export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  /** Milliseconds, after which a program that hangs is ended; its code is 124 then, as timeout(1) has it. */
  readonly timeout: number;
  /** Written to standard input, which is closed then. */
  readonly input?: string | undefined;
}

/** The largest answer that is read: all Secrets of a cluster. */
const maxBuffer = 512 << 20;

/**
 * Runs a program of the user's machine to its end; undefined when there is no such program.
 * @throws Error with the system's reason when it is there and could not be started
 */
export function run(
  tool: string,
  args: readonly string[],
  { timeout, input }: ToolOptions,
): Promise<ToolResult | undefined> {
  return new Promise((resolve, reject) => {
    const child = execFile(tool, [...args], { timeout, windowsHide: true, maxBuffer }, (error, stdout, stderr) => {
      if (error === null) return resolve({ code: 0, stdout, stderr });
      if (error.code === "ENOENT") return resolve(undefined);
      if (child.pid === undefined) return reject(error);
      if (error.killed && typeof error.code !== "string")
        return resolve({ code: 124, stdout: "", stderr: `no answer within ${timeout / 1000} s` });
      const code = typeof error.code === "number" ? error.code : 1;
      return resolve({ code, stdout, stderr: stderr === "" ? error.message : stderr });
    });
    // a program may end without having read all of it: its exit code tells
    child.stdin?.on("error", () => undefined).end(input);
  });
}

/** Asks a program something; undefined when there is no such program. */
export type Run = (tool: string, args: readonly string[]) => Promise<ToolResult | undefined>;

/** For quick questions (a version, a status): one that cannot be started has answered so, with the shell's code 126. */
export const runTool =
  (timeout = 20_000): Run =>
  (tool, args) =>
    run(tool, args, { timeout }).catch((error: Error) => ({ code: 126, stdout: "", stderr: error.message }));
