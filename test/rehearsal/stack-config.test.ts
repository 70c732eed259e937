import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProject } from "../../lab/rehearsal/engine/project.ts";
import { readStackConfig } from "../../lab/rehearsal/engine/stack-config.ts";

// What the real CLI makes of these is asked in test/real/specs/pulumi.test.ts.
describe("a stack file's scalars", () => {
  const directory = mkdtempSync(join(tmpdir(), "stack-config-"));
  after(() => rmSync(directory, { recursive: true }));
  const read = async (yaml: string) => {
    const file = join(directory, "Pulumi.a.yaml");
    writeFileSync(file, `config:\n  learn:a: ${yaml}\n`);
    return (await readStackConfig(file, await readProject())).values["learn:a"];
  };
  const cases: Readonly<Record<string, string>> = {
    "1.30": "1.3",
    '"1.30"': "1.30",
    "017": "15",
    "-017": "-15",
    "089": "89",
    "0b11": "3",
    "1_000": "1000",
    "1_000.5": "1000.5",
    yes: "yes",
    "2026-01-01": "2026-01-01 00:00:00 +0000 UTC",
    "2026-1-2T3:04:05.50Z": "2026-01-02 03:04:05.5 +0000 UTC",
    "": "",
    "{ d: 2026-01-01, n: [017] }": '{"d":"2026-01-01 00:00:00 +0000 UTC","n":[15]}',
  };
  for (const [written, text] of Object.entries(cases))
    it(`${written || "nothing"} is ${text || "the empty text"}, as Pulumi reads it`, async () => {
      assert.equal(await read(written), text);
    });
});
