import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { readPrototype } from "../../../config/read.ts";
import { type Fields, fields } from "../../../lab/manifests/fields.ts";
import { readProject } from "../../../lab/rehearsal/engine/project.ts";
import { readStackConfig } from "../../../lab/rehearsal/engine/stack-config.ts";
import { commandsOf, flagsOf } from "../../../tools/docs/commands.ts";
import { pagePaths, readPage } from "../../../tools/docs/pages.ts";
import { stackNames } from "../../../tools/stack/stack-files.ts";
import { RealPulumi } from "../engine/real-pulumi.ts";

const stacks = (await stackNames("stacks")).filter((name) => name.startsWith("learn-"));
const NO_HOST = /^error: failed to load language plugin nodejs: no language plugin 'pulumi-language-nodejs' found/m;

describe("the Pulumi CLI by itself", () => {
  let real: RealPulumi;
  let files: Record<string, string>;
  before(() => {
    real = new RealPulumi();
    files = real.files();
  });
  const withProject = async (change: (project: Fields) => Fields, work: () => Promise<void>) => {
    const kept = real.read("Pulumi.yaml");
    real.write("Pulumi.yaml", stringify(change(fields(parse(kept)))));
    await work().finally(() => real.write("Pulumi.yaml", kept));
  };

  it("takes every stack with the documented passphrase, keeps its state in .state/ and changes no file", async () => {
    for (const stack of stacks) {
      const { code, stderr } = await real.pulumi(["stack", "select", "--create", stack]);
      assert.equal(code, 0, `${stack}: ${stderr}`);
    }
    assert.deepEqual(real.recorded(), stacks);
    assert.deepEqual(real.files(), files);
  });

  for (const stack of stacks)
    it(`reads ${stack} as the rehearsal does, and the program accepts it`, async () => {
      const { values } = await real.config(stack);
      assert.deepEqual(normal(values), normal(await rehearsed(real, stack)));
      assert.equal(Object.keys(readPrototype(stack, values).apps).length > 0, Object.hasOwn(values, "learn:apps"));
    });

  it("reads scalars as the rehearsal does, however they are written", async () => {
    const salt = /^encryptionsalt: .*$/m.exec(real.read("stacks/Pulumi.learn-06.yaml"))?.[0];
    real.write("stacks/Pulumi.scalars.yaml", `${SCALARS}${salt}\n`);
    await real.pulumi(["stack", "select", "--create", "scalars"]);
    const { values } = await real.config("scalars");
    assert.deepEqual(normal(values), normal(await rehearsed(real, "scalars")));
    await real.pulumi(["stack", "rm", "--yes", "scalars"]);
  });

  it("refuses another passphrase, and npm run tells so", async () => {
    const { code, stderr } = await real.npmRun("preview", ["learn-05"], { env: { PULUMI_CONFIG_PASSPHRASE: "wrong" } });
    assert.notEqual(code, 0);
    assert.match(stderr, /incorrect passphrase/);
  });

  it("encrypts a secret that comes by standard input", async () => {
    await real.pulumi(["stack", "select", "--create", "learn-06"]);
    const kept = real.read("stacks/Pulumi.learn-06.yaml");
    const set = ["config", "set", "--secret", "--path", "learn:secrets.a-secret.data.key1", "--stack", "learn-06"];
    assert.equal((await real.pulumi(set, { input: "a hidden value" })).code, 0);
    const file = real.read("stacks/Pulumi.learn-06.yaml");
    assert.match(file, /secure: '?v1:/);
    assert.ok(!file.includes("a hidden value"));
    const { values, secretKeys } = await real.config("learn-06", ["--show-secrets"]);
    assert.deepEqual(secretKeys, ["learn:secrets"]);
    assert.match(values["learn:secrets"] ?? "", /"key1":"a hidden value"/);
    real.write("stacks/Pulumi.learn-06.yaml", kept);
  });

  it("is refused when it is older than the project asks for, by itself and by npm run", async () => {
    const newer = (project: Fields) => ({ ...project, requiredPulumiVersion: ">=3.999.0" });
    await withProject(newer, async () => {
      for (const verb of ["preview", "up", "destroy", "refresh"]) {
        const { code, stderr } = await real.pulumi([
          verb,
          "--stack",
          "learn-05",
          ...(verb === "preview" ? [] : ["--yes"]),
        ]);
        assert.notEqual(code, 0);
        assert.match(stderr, /Pulumi CLI version 3\.\d+\.\d+ does not satisfy the version range ">=3\.999\.0"/, verb);
      }
      const { code, stderr } = await real.npmRun("up", ["learn-05"]);
      assert.deepEqual([code, stderr.includes(">=3.999.0 is needed. Get it: https://")], [2, true]);
    });
  });

  it("without the language host: pulumi's own message and a failure, and nothing in the state", async () => {
    for (const [verb, flags] of [
      ["up", ["--yes"]],
      ["preview", []],
    ] as const) {
      const { code, stderr } = await real.npmRun(verb, ["learn-05", ...flags]);
      assert.notEqual(code, 0);
      assert.match(stderr, NO_HOST);
    }
    const { stdout } = await real.pulumi(["stack", "export", "--stack", "learn-05"]);
    assert.equal(fields(fields(JSON.parse(stdout)).deployment).resources, undefined);
  });

  it("has nothing to destroy or to print of a stack that was never brought up", async () => {
    await real.pulumi(["stack", "rm", "--yes", "--preserve-config", "learn-01"]);
    for (const verb of ["destroy", "outputs"]) {
      const { code, stderr } = await real.npmRun(verb, ["learn-01"]);
      assert.deepEqual([code, stderr], [0, "Stack learn-01 has never been brought up here: nothing to do."]);
    }
  });

  it("knows the flags that the documentation gives to its commands", async () => {
    const verbs = { up: "up", preview: "preview", destroy: "destroy", outputs: "stack output" };
    for (const command of pagePaths().flatMap((path) => commandsOf(readPage(path)))) {
      const [, verb = "", flags = ""] =
        /^npm run (up|preview|destroy|outputs) -- \S+(.*)$/.exec(command) ??
        /^pulumi ([a-z ]+)(.*)$/.exec(command) ??
        [];
      if (flagsOf(flags).length === 0) continue;
      const words = Object.entries(verbs).find(([name]) => name === verb)?.[1] ?? verb;
      const { stdout } = await real.pulumi([...words.trim().split(" "), "--help"]);
      for (const flag of flagsOf(flags)) assert.ok(stdout.includes(` ${flag}`), `${command}: no ${flag}`);
    }
  });
});

/** Texts that are JSON, as the program reads them: escapes do not count, the order of keys does. */
function normal(values: Readonly<Record<string, string>>): Record<string, string> {
  const one = (value: string) => (/^[[{]/.test(value) ? JSON.stringify(JSON.parse(value)) : value);
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, one(value)]));
}

async function rehearsed(real: RealPulumi, stack: string): Promise<Readonly<Record<string, string>>> {
  const project = await readProject(real.directory);
  return (await readStackConfig(`${real.directory}/stacks/Pulumi.${stack}.yaml`, project)).values;
}

/** What YAML 1.1, YAML 1.2 and Go read differently, among other things. */
const SCALARS = `config:
  learn:keys: { z: 1, A: 2, "10": x, "9": y, é: 1, nested: { b: [true, no, off, null, ~] } }
  learn:version: 1.30
  learn:quoted: "1.30"
  learn:flag: true
  learn:yes: yes
  learn:quotedFlag: "true"
  learn:int: 8000
  learn:exponent: 1e3
  learn:small: 0.000001
  learn:octal: 017
  learn:newOctal: 0o17
  learn:notOctal: 089
  learn:hex: 0x1F
  learn:binary: 0b11
  learn:grouped: 1_000
  learn:date: 2026-01-01
  learn:time: 2026-01-01T10:20:30Z
  learn:inside: { d: 2026-01-01, u: 1_000.5, o: 017, v: 1.30, s: "1.30", t: 12:30, n: [3, "3", 1.0] }
  learn:markup: { a: "<b>&" }
  learn:text: plain text
  learn:lines: |
    a
    b
  learn:json: '{"a": 1}'
  learn:empty: ""
  learn:nothing:
  other: 3
  learn:anchor: &x { k: 1 }
  learn:merge: { <<: *x, j: 2 }
`;
