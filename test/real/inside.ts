import { mkdirSync } from "node:fs";
import { execa } from "execa";
import Mocha from "mocha";
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
async function main(files: readonly string[]): Promise<void> {
  process.on("disconnect", () => process.exit(1));
  mkdirSync(context().directory, { recursive: true });
  await execa("ip", ["link", "set", "lo", "up"]);
  // namespaces that the tests make by name stay in this lab
  mkdirSync("/run/netns", { recursive: true });
  await execa("mount", ["-t", "tmpfs", "tmpfs", "/run/netns"]);

  const mocha = new Mocha({ reporter: "spec", timeout: 120_000, color: process.stdout.isTTY === true });
  if (process.env.LEARN_REAL_GREP) mocha.grep(process.env.LEARN_REAL_GREP);
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const runner = mocha.run();
  await new Promise<void>((resolve) => runner.once("end", resolve));
  const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
  const result: PartResult = { passed: passes, failed: failures, skipped: pending };
  await new Promise<void>((resolve) => {
    if (process.send) process.send(result, () => resolve());
    else resolve();
  });
  process.exit(failures > 0 ? 1 : 0);
}

await main(process.argv.slice(2));
