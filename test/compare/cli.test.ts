import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const compare = (...args: string[]) =>
  execa("node", ["--import", "tsx/esm", "lab/compare/cli.ts", ...args], { reject: false, env: { NO_COLOR: "1" } });

describe("npm run compare", function () {
  this.timeout(120_000);
  let out: string;
  before(async () => {
    out = await mkdtemp(join(tmpdir(), "learn-compare-"));
  });
  after(() => rm(out, { recursive: true }));

  it("prints what moved, writes it as a page and says where that is", async () => {
    const { exitCode, stdout } = await compare("learn-01", "learn-02", "--out", out);
    assert.equal(exitCode, 0);
    assert.match(stdout, /≠.*who signs.*cert-manager, CA.*Vault, engine pki_int_foo/);
    const file = join(out, "compare", "learn-01--learn-02", "index.html");
    assert.ok(stdout.includes(`${file}  the same as a page`), stdout.slice(-300));
    const page = await readFile(file, "utf8");
    assert.match(page, /<dt>learn-01<\/dt><dd>Ingress, the way it was/);
    assert.match(page, /Another authority signs; the issuerRef leads to it/);
  });

  it("prints nothing but JSON for programs, and writes no page", async () => {
    const { exitCode, stdout } = await compare("learn-06", "learn-06", "--json", "--out", join(out, "json"));
    assert.equal(exitCode, 0);
    assert.deepEqual(Object.keys(JSON.parse(stdout)), [
      "apps",
      "onlyLeft",
      "onlyRight",
      "objectsOnlyLeft",
      "objectsOnlyRight",
    ]);
    assert.equal(existsSync(join(out, "json")), false);
  });

  it("refuses to open a page that it is not to write", async () => {
    const { exitCode, stderr } = await compare("learn-01", "learn-02", "--json", "--open");
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: either --json, which writes no page, or --open, not both$/m);
  });
});
