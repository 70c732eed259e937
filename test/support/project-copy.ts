import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** What a user has of the project, but for what only its own tests and documentation need. */
const FILES = ["package.json", "Pulumi.yaml", "index.ts", "tsconfig.json", "docs/examples"];
const SOURCES = ["config", "components", "lab", "tools", "stacks", "policy-pack"];

/** Copies the project's sources into a new directory; node_modules are the project's own. */
export function copyProject(directory: string): void {
  for (const path of [...FILES, ...SOURCES]) cpSync(join(PROJECT, path), join(directory, path), { recursive: true });
  symlinkSync(join(PROJECT, "node_modules"), join(directory, "node_modules"), "junction");
}
