import { execFile } from "node:child_process";

export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the user's machine to its end; undefined when there is no such program. */
export type Run = (tool: string, args: readonly string[]) => Promise<ToolResult | undefined>;

/** For quick questions (a version, a status); a program that hangs is ended after `timeout` milliseconds. */
export const runTool =
  (timeout = 20_000): Run =>
  (tool, args) =>
    new Promise((resolve) => {
      execFile(tool, [...args], { timeout, windowsHide: true, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
        if (error?.code === "ENOENT") return resolve(undefined);
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        return resolve({ code, stdout, stderr: stderr === "" && error ? error.message : stderr });
      });
    });
