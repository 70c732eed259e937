import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const start = (...args: string[]) =>
  execa("node", ["--import", "tsx/esm", "lab/rehearsal/cli.ts", ...args], { reject: false, env: { NO_COLOR: "1" } });

describe("npm start", function () {
  this.timeout(120_000);
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "learn-start-"));
  });
  after(() => rm(directory, { recursive: true }));

  it("tells a stack that is not there with the nearest name, and ends with 2", async () => {
    const { exitCode, stderr, stdout } = await start("lern-05");
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: no stack named lern-05; did you mean learn-05\?$/m);
    assert.doesNotMatch(stderr, /^\s+at /m);
    assert.equal(stdout, "");
  });

  it("tells mistakes of a stack file before anything is run, and ends with 2", async () => {
    const file = join(directory, "Pulumi.typo.yaml");
    await writeFile(file, "config:\n  learn:cluster: { minikube: { cpu: 2 } }\n");
    const { exitCode, stderr } = await start(file);
    assert.equal(exitCode, 2);
    assert.match(stderr, /learn:cluster\.minikube/);
    assert.match(stderr, /cpus/);
  });

  for (const [args, message] of [
    [["--ports", "any"], "--ports says where --serve listens: add --serve, or leave out --ports"],
    [["--all", "--ports", "local"], "--ports says where --serve listens: add --serve, or leave out --ports"],
    [["--plan", "--serve"], "--plan ends before anything is served or drawn: leave out --plan, or --serve and --open"],
    [["--plan", "--open"], "--plan ends before anything is served or drawn: leave out --plan, or --serve and --open"],
    [["--all", "--serve"], "--serve and --open need one stack: leave out --all"],
  ] as const) {
    it(`refuses ${args.join(" ")}, which could only be passed over, and ends with 2`, async () => {
      const { exitCode, stderr, stdout } = await start(...args);
      assert.deepEqual([exitCode, stderr, stdout], [2, `error: ${message}`, ""]);
    });
  }

  it("ends with 1 when an answer differs, and writes pictures, manifests, graph and certificates all the same", async () => {
    const file = join(directory, "Pulumi.sour.yaml");
    const text = await readFile("stacks/Pulumi.learn-03-03.yaml", "utf8");
    await writeFile(file, text.replace(/body: juicy mango/, "body: sour mango"));
    const { exitCode, stdout } = await start(file, "--json", "--out", directory);
    assert.equal(exitCode, 1);
    const report = JSON.parse(stdout);
    assert.equal(report.ok, false);
    const wrong = report.answers.filter(({ ok }: { ok: boolean }) => !ok);
    assert.deepEqual(
      wrong.map(({ asked, expected }: { asked: string; expected: string }) => [asked, expected]),
      [["GET https://mango.example.com/mango", "sour mango"]],
    );
    const out = join(directory, "sour");
    assert.match(await readFile(join(out, "index.html"), "utf8"), /^<!doctype html>/i);
    assert.match(await readFile(join(out, "manifests.yaml"), "utf8"), /^---\napiVersion: v1\nkind: Namespace/);
    assert(JSON.parse(await readFile(join(out, "topology.json"), "utf8")).edges.length > 5);
    assert.match(
      await readFile(join(out, "pki", "ca.pem"), "utf8"),
      /^(-----BEGIN CERTIFICATE-----\n[\w+/=\n]+\n-----END CERTIFICATE-----\n)+$/,
    );
  });

  it("serves until Ctrl-C, which ends it at once", async () => {
    const child = execa(
      "node",
      ["--import", "tsx/esm", "lab/rehearsal/cli.ts", "learn-03-03", "--serve", "--ports", "any", "--out", directory],
      {
        reject: false,
        env: { NO_COLOR: "1" },
      },
    );
    let seen = "";
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.on("data", (chunk: Buffer) => {
        seen += chunk;
        const curl = /^ {2}curl (--connect-to .*) {2}# juicy mango$/m.exec(seen)?.[1];
        if (curl !== undefined && seen.includes("Ctrl-C ends it")) resolve(curl);
      });
      child.once("exit", () => reject(new Error(seen)));
    });
    const [, port] = /127\.0\.0\.1:(\d+) /.exec(line) ?? [];
    const answer = await fetch(`http://127.0.0.1:${port}/nothing`);
    assert.equal(answer.status, 404);
    await answer.text();
    const stopped = performance.now();
    child.kill("SIGINT");
    const { exitCode, stdout } = await child;
    assert.equal(exitCode, 0);
    assert(performance.now() - stopped < 3000);
    assert.match(stdout, /GET http:\/\/127\.0\.0\.1\/nothing → 404 \(Gateway mango\/mango-gateway port 80/);
  });
});
