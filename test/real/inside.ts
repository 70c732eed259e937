import { mkdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import Mocha from "mocha";
import { runMain } from "../../lab/terminal/main.ts";
import { context } from "./lab/context.ts";

/** What the runner is told at the end of a part. */
export interface PartResult {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * First process inside a lab namespace: brings the loopback device up and runs the part's tests. Ends with its parent:
 * when the channel closes, this process goes, and with it (it is process 1 here) everything that the tests started.
 */
async function main(files: readonly string[]): Promise<number> {
  process.on("disconnect", () => process.exit(1));
  mkdirSync(context().directory, { recursive: true });
  await execa("ip", ["link", "set", "lo", "up"]);
  // namespaces that the tests make by name stay in this lab
  mkdirSync("/run/netns", { recursive: true });
  await execa("mount", ["-t", "tmpfs", "tmpfs", "/run/netns"]);

  const mocha = new Mocha({ reporter: "spec", timeout: 120_000, color: process.stdout.isTTY === true });
  if (process.env.LEARN_REAL_GREP) mocha.grep(process.env.LEARN_REAL_GREP);
  for (const file of files) await load(file, mocha);
  const runner = mocha.run();
  await new Promise<void>((resolve) => runner.once("end", resolve));
  const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
  const result: PartResult = { passed: passes, failed: failures, skipped: pending };
  await new Promise<void>((resolve) => {
    if (process.send) process.send(result, () => resolve());
    else resolve();
  });
  return failures > 0 ? 1 : 0;
}

/**
 * As Mocha's loadFilesAsync does; but that requires a file before it imports it, which never succeeds here, and tells of
 * that failure instead of the file's own.
 */
async function load(file: string, mocha: Mocha): Promise<void> {
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, file, mocha);
  await import(pathToFileURL(file).href);
}

await runMain(() => main(process.argv.slice(2)));
process.exit();
