import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { program } from "../lab/context.ts";
import { runInside } from "../lab/namespace.ts";
import { Service } from "../lab/service.ts";
import { eventually } from "../lab/wait.ts";

/** Command lines of the processes that this lab can see and that contain `text`. */
function processesWith(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(join("/proc", pid, "cmdline"), "utf8").replaceAll("\0", " ")];
      } catch {
        return []; // it ended meanwhile
      }
    })
    .filter((line) => line.includes(text));
}

describe("the runner", () => {
  it("reports a program that ends before it is ready, with the end of its log", async () => {
    const service = new Service({
      name: "wrong-flag",
      command: program("etcd"),
      args: ["--no-such-flag"],
      ready: async () => false,
    });
    const start = Date.now();
    await assert.rejects(
      service.start(),
      /wrong-flag exited with code \d+ before it was ready; its log ends with:[\s\S]*etcd/,
    );
    assert.ok(Date.now() - start < 20_000, "it waits for the deadline although the program is gone");
  });

  it("reports a program that never gets ready, and says where its log is", async () => {
    const service = new Service({
      name: "mute",
      command: "sleep",
      args: ["600"],
      ready: async () => false,
      seconds: 1,
    });
    await assert.rejects(service.start(), /gave up after 1 s waiting for mute to be ready \(log: .*mute\.log\)/);
    await service.stop();
    assert.equal(service.running, false);
  });

  it("names the part, the program and the file where a part starts a program that was not built for it", async () => {
    const fixture = fileURLToPath(new URL("./runner-program-fixture.ts", import.meta.url));
    const output = await runInside({
      args: [fixture],
      env: { NO_COLOR: "1" },
      onMessage: () => assert.fail("it ran"),
      quiet: true,
    });
    assert.match(output, /^error: part runner starts no-such-program, .* in test\/real\/parts\.ts\n$/);
  });

  it("gives a lab no way out: nothing but loopback exists in it", () => {
    const devices = readFileSync("/proc/net/dev", "utf8").split("\n").slice(2).filter(Boolean);
    assert.deepEqual(
      devices.map((line) => line.split(":")[0]?.trim()),
      ["lo"],
    );
  });

  it("leaves nothing running when a lab is killed", async () => {
    const mark = "86401";
    const stop = new AbortController();
    const fixture = fileURLToPath(new URL("./runner-fixture.ts", import.meta.url));
    const lab = runInside({ args: [fixture], env: {}, onMessage: () => undefined, signal: stop.signal });
    await eventually("the inner lab's process", 30, () => processesWith(`sleep ${mark}`).length > 0);
    stop.abort();
    await lab;
    await eventually("the inner lab's process to be gone", 5, () => processesWith(`sleep ${mark}`).length === 0);
  });

  it("leaves nothing running when the runner itself is killed with SIGKILL", async () => {
    const mark = "86401";
    const parent = fileURLToPath(new URL("./runner-parent-fixture.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx/esm", parent], { stdio: "ignore" });
    await eventually("the inner lab's process", 30, () => processesWith(`sleep ${mark}`).length > 0);
    child.kill("SIGKILL");
    await eventually("the inner lab's process to be gone", 5, () => processesWith(`sleep ${mark}`).length === 0);
  });
});
