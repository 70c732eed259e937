import assert from "node:assert/strict";
import { execa } from "execa";
import { stringify } from "yaml";
import { validSet } from "./example.ts";

/** The command as `npm run check -- -f -` runs it, with manifests on standard input. */
async function check(input: string, ...options: string[]) {
  const { stdout, stderr, exitCode } = await execa("node", ["--import", "tsx/esm", "lab/wiring/cli.ts", ...options], {
    input,
    reject: false,
    env: { NO_COLOR: "1" },
  });
  return { stdout, stderr, exitCode };
}

const valid = () =>
  validSet()
    .map(({ object }) => stringify(object))
    .join("---\n");

describe("npm run check", function () {
  this.timeout(60_000);

  it("exits 0 when every wire holds", async () => {
    const { stdout, exitCode } = await check(valid(), "-f", "-", "--json");
    assert.deepEqual([stdout, exitCode], ["[]", 0]);
  });

  it("takes manifests as plain arguments, too", async () => {
    const { stdout, exitCode } = await check(valid(), "-", "--json");
    assert.deepEqual([stdout, exitCode], ["[]", 0]);
  });

  it("exits 0 when there are only warnings", async () => {
    const { stdout, exitCode } = await check(valid().replace("isCA: true", "isCA: false"), "-f", "-");
    assert.match(stdout, /warning W39/);
    assert.equal(exitCode, 0);
  });

  it("exits 1 when a wire is broken, and tells where it begins", async () => {
    const { stdout, exitCode } = await check(
      valid().replace("gatewayClassName: nginx", "gatewayClassName: x"),
      "-f",
      "-",
    );
    assert.match(stdout, /^Gateway edge\/gate {2}standard input:\d+\n {2}error W1 → GatewayClass x\n/);
    assert.equal(exitCode, 1);
  });

  it("exits 2 with one message for bad input and bad options, and prints no stack trace", async () => {
    for (const [input, options, message] of [
      ["a: [", ["-f", "-"], /error: cannot read the manifests\n {2}standard input:1:5: not readable as YAML/],
      ["", ["--wat"], /unknown option '--wat'; see `npm run check -- --help`/],
      ["", [], /error: no manifests are named: .* as in `npm run check -- my-manifests\/`/],
    ] as const) {
      const { stdout, stderr, exitCode } = await check(input, ...options);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /^\s+at /m);
      assert.deepEqual([stdout, exitCode], ["", 2]);
    }
  });
});
