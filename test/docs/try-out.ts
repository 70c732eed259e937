import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare, run } from "../../lab/rehearsal/prepare.ts";
import { stage } from "../../lab/rehearsal/rehearsal.ts";
import { VisibleError } from "../../lab/terminal/visible-error.ts";
import type { Try } from "./tries.ts";

const stacks = new URL("../../stacks/", import.meta.url);

/** What a reader sees who makes the edit and rehearses: mistakes, findings, answers that differ; a line each. */
export async function tryOut({ stack, from, to }: Pick<Try, "stack" | "from" | "to">): Promise<string> {
  const text = readFileSync(new URL(`Pulumi.${stack}.yaml`, stacks), "utf8");
  if (!text.includes(from)) throw new Error(`stack ${stack} has no "${from}"`);
  const directory = mkdtempSync(join(tmpdir(), "try-"));
  const file = join(directory, `Pulumi.${stack}.yaml`);
  writeFileSync(file, text.replace(from, to));
  try {
    const prepared = await prepare(file);
    const rehearsal = await stage(await run(prepared, { run: "here" }), prepared.prototype, { directory });
    await rehearsal.gateway.close();
    const findings = rehearsal.findings.map(({ rule, message }) => `${rule}: ${message}`);
    const differing = rehearsal.outcomes.filter(({ ok }) => !ok).map(({ asked, got }) => `${asked}: ${got}`);
    return [...findings, ...differing].join("\n");
  } catch (error) {
    if (error instanceof VisibleError) return error.message;
    throw error;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
