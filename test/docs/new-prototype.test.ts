import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare, run } from "../../lab/rehearsal/prepare.ts";
import { isGood, stage } from "../../lab/rehearsal/rehearsal.ts";
import { readPage } from "../../tools/docs/pages.ts";

describe("CONTRIBUTING.md", () => {
  let directory = "";
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "prototype-"));
  });
  after(() => rmSync(directory, { recursive: true }));

  it("shows a new prototype that rehearses as it stands", async () => {
    const [, block = ""] = /^ {3}```yaml\n([\s\S]*?)^ {3}```$/m.exec(readPage("CONTRIBUTING.md")) ?? [];
    const file = join(directory, "Pulumi.learn-07.yaml");
    writeFileSync(file, block.replaceAll(/^ {3}/gm, ""));
    const prepared = await prepare(file);
    const rehearsal = await stage(await run(prepared, { run: "here" }), prepared.prototype, { directory });
    await rehearsal.gateway.close();
    assert.ok(isGood(rehearsal), JSON.stringify([rehearsal.findings, rehearsal.outcomes]));
    assert.equal(rehearsal.outcomes.length, 3);
    assert.deepEqual(rehearsal.findings, []);
  });
});
