import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { parsePrototype } from "../../config/read.ts";
import type { Prototype } from "../../config/schema.ts";

const folder = new URL("../../stacks/", import.meta.url);

/** Names of the project's stacks, in the order of the prototypes. */
export function stackNames(): string[] {
  return readdirSync(folder)
    .flatMap((file) => /^Pulumi\.(learn-.*)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

export function stackText(stack: string): string {
  return readFileSync(new URL(`Pulumi.${stack}.yaml`, folder), "utf8");
}

/** The `learn:` values of a stack file, without the namespace. */
export function stackValues(stack: string): Record<string, unknown> {
  const config: Record<string, unknown> = parse(stackText(stack)).config;
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^learn:/, ""), value]));
}

export function loadPrototype(stack: string): Prototype {
  return parsePrototype(stack, stackValues(stack));
}
