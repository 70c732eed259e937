import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { writeStamp } from "../../components/cluster/minikube/stamp.ts";
import { stackNamed, stackNames } from "../../tools/stack/stack-files.ts";

describe("the stack that is meant", () => {
  const names = ["learn-01", "learn-03", "learn-03-01", "learn-05", "mine"];

  it("is known by name or by file, a user's own too", () => {
    assert.equal(stackNamed("learn-05", "up", names), "learn-05");
    assert.equal(stackNamed("stacks/Pulumi.mine.yaml", "up", names), "mine");
  });

  it("is asked for, with all there are", () => {
    for (const given of [undefined, "--yes"])
      assert.throws(
        () => stackNamed(given, "up", names),
        /which stack\? npm run up -- <stack> \[flags of pulumi up\]\nThere are: learn-01,.*mine\./,
      );
  });

  it("is guessed when mistyped", () => {
    assert.throws(
      () => stackNamed("lern-05", "up", names),
      /no stack named lern-05; did you mean learn-05\?\nThere are: learn-01/,
    );
    assert.throws(() => stackNamed("production", "up", names), /no stack named production\nThere are/);
  });

  it("comes from the project's files", async () => {
    const found = await stackNames("stacks");
    assert.ok(
      found.includes("learn-01") && found.includes("learn-06") && !found.some((name) => name.includes("schema")),
    );
  });
});

describe("npm run up, preview, destroy and outputs", () => {
  let directory: string;
  let home: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "learn-pulumi-"));
    home = join(directory, "home");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** A pulumi that notes its arguments, directory and passphrase. */
  const install = (behaviour = "") => {
    const script = join(directory, "pulumi.cjs");
    writeFileSync(
      script,
      `const args = process.argv.slice(2);
if (args[0] === "version") { console.log(process.env.FAKE_VERSION || "v3.248.0"); process.exit(0); }
require("node:fs").appendFileSync(${JSON.stringify(join(directory, "calls"))},
  JSON.stringify([args.join(" "), process.cwd(), process.env.PULUMI_CONFIG_PASSPHRASE]) + "\\n");
${behaviour}
`,
    );
    if (process.platform === "win32")
      writeFileSync(join(directory, "pulumi.cmd"), `@"${process.execPath}" "${script}" %*\r\n`);
    else
      writeFileSync(join(directory, "pulumi"), `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`, {
        mode: 0o755,
      });
  };
  const run = (args: string[], env: Record<string, string> = {}) =>
    execa(process.execPath, ["--import", "tsx/esm", "tools/stack/cli.ts", ...args], {
      env: { PATH: [directory, dirname(process.execPath)].join(delimiter), MINIKUBE_HOME: home, NO_COLOR: "1", ...env },
      extendEnv: false,
      reject: false,
    });
  const calls = (): string[][] => {
    const file = join(directory, "calls");
    return existsSync(file)
      ? readFileSync(file, "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line))
      : [];
  };

  it("select or make the stack, then run in the project with the documented passphrase and every flag", async () => {
    install();
    assert.equal((await run(["up", "learn-05", "--yes", "--diff"])).exitCode, 0);
    assert.deepEqual(calls(), [
      ["stack select --create learn-05", process.cwd(), ""],
      ["up --stack learn-05 --yes --diff", process.cwd(), ""],
    ]);
  });

  it("keep a passphrase that is set, and pulumi's exit code", async () => {
    install('if (args[0] === "preview") process.exit(7);');
    assert.equal((await run(["preview", "learn-01"], { PULUMI_CONFIG_PASSPHRASE: "own" })).exitCode, 7);
    assert.equal(calls()[1]?.[2], "own");
  });

  it("have nothing to do for a stack that was never brought up", async () => {
    install(
      'if (args[0] === "stack") { console.error("error: no stack named \'learn-01\' found"); process.exit(255); }',
    );
    const { exitCode, stderr } = await run(["destroy", "learn-01"]);
    assert.deepEqual([exitCode, stderr], [0, "Stack learn-01 has never been brought up here: nothing to do."]);
    assert.deepEqual(
      calls().map(([args]) => args),
      ["stack select learn-01"],
    );
  });

  it("tell of a cluster that is left because making it was interrupted", async () => {
    install();
    const fixed = { kubernetes: "v1.36.4", driver: "docker", containerRuntime: "containerd", cpus: 2, memory: "4g" };
    const stamp = {
      stack: "learn-01",
      generation: "g",
      resumed: "",
      phase: "starting",
      fixed,
      encrypted: false,
    } as const;
    writeStamp(join(home, ".minikube", "profiles", "fruit"), stamp);
    const { stderr } = await run(["destroy", "learn-01"]);
    assert.match(stderr, /profile fruit was made for stack learn-01 and is still there.*minikube delete -p fruit/);
  });

  it("say where to get a CLI that is missing or too old", async () => {
    const missing = await run(["up", "learn-05"]);
    assert.equal(missing.exitCode, 2);
    assert.match(
      missing.stderr,
      /^error: the Pulumi CLI is not installed; version >=3\.219\.0 is needed\. Get it: https:\/\/www\.pulumi\.com/,
    );
    install();
    const old = await run(["up", "learn-05"], { FAKE_VERSION: "v3.100.0" });
    assert.deepEqual([old.exitCode, old.stderr.split("\n").length], [2, 1]);
    assert.match(old.stderr, /the Pulumi CLI is v3\.100\.0, >=3\.219\.0 is needed/);
    assert.deepEqual(calls(), []);
  });

  it("tell why pulumi cannot select a stack", async () => {
    install('if (args[0] === "stack") { console.error("error: incorrect passphrase"); process.exit(255); }');
    const { exitCode, stderr } = await run(["up", "learn-05"]);
    assert.deepEqual([exitCode, stderr], [1, "error: pulumi cannot select stack learn-05: incorrect passphrase"]);
  });
});
