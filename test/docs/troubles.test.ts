import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { anchorsOf } from "../../tools/docs/links.ts";
import { readPage } from "../../tools/docs/pages.ts";

const doctor = new URL("../../lab/doctor/", import.meta.url);

describe("docs/troubleshooting.md", () => {
  const page = readPage("docs/troubleshooting.md");

  it("has every entry that the doctor refers to", () => {
    const source = readdirSync(doctor).map((file) => readFileSync(new URL(file, doctor), "utf8"));
    const referred = new Set([...source.join("\n").matchAll(/trouble: "(T\d+)"/g)].map(([, entry = ""]) => entry));
    assert.ok(referred.size > 5);
    const anchors = anchorsOf(page);
    assert.deepEqual(
      [...referred].filter((entry) => !anchors.has(entry.toLowerCase())),
      [],
    );
  });

  it("tells symptom, cause, cure and a command for each of the thirty-one", () => {
    const entries = page.split(/^## /m).slice(1);
    assert.equal(entries.length, 31);
    for (const [index, entry] of entries.entries())
      assert.match(
        entry,
        new RegExp(`^T${index + 1}\\n[\\s\\S]*- Symptom: [\\s\\S]*- Cause: [\\s\\S]*- Cure: [\\s\\S]*\`\`\`sh\\n.+`),
      );
  });
});
