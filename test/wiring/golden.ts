import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Compares text with golden/<name> in a test's directory; UPDATE_GOLDEN=1 rewrites the file. */
export function assertGolden(directory: string, name: string, text: string): void {
  const file = join(directory, "golden", name);
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  assert.ok(existsSync(file), `${name} is missing: run with UPDATE_GOLDEN=1`);
  assert.equal(text, readFileSync(file, "utf8"));
}
