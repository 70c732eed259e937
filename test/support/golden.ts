import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const TESTS = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Compares a text with test/<folder>/golden/<name>; UPDATE_GOLDEN=1 writes it instead. */
export function golden(folder: string, name: string, text: string): void {
  const file = join(TESTS, folder, "golden", name);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  assert.equal(text, readFileSync(file, "utf8"), `${name} differs; UPDATE_GOLDEN=1 rewrites it`);
}
