import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { fields, fieldsAt, text } from "../../manifests/fields.ts";
import { VisibleError } from "../../terminal/visible-error.ts";

/** The parts of a Pulumi.yaml that decide how its program is run. */
export interface Project {
  readonly directory: string;
  readonly name: string;
  /** Entry point, relative to the directory. */
  readonly main: string;
  /** Options for node, from `runtime.options.nodeargs`. */
  readonly nodeArgs: readonly string[];
  /** False with `runtime.options.typescript: false`: TypeScript is not compiled by Pulumi's own ts-node. */
  readonly typescript: boolean;
  /** Directory of the stack files. */
  readonly stackDirectory: string;
  /** `config:` entries with a value or default, by full key, as the engine passes them. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** This project's own directory. */
export const PROJECT_DIRECTORY = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

/** @throws VisibleError when the directory has no readable Pulumi.yaml with a name */
export async function readProject(directory: string = PROJECT_DIRECTORY): Promise<Project> {
  const file = join(directory, "Pulumi.yaml");
  const content = await readFile(file, "utf8").catch(() => {
    throw new VisibleError(`cannot read ${file}: a Pulumi project has a Pulumi.yaml at its root`);
  });
  const yaml = fields(parse(content));
  const name = text(yaml.name);
  if (name === undefined) throw new VisibleError(`${file}: no name`);
  const options = fieldsAt(yaml, "runtime", "options");
  const config: Record<string, unknown> = {};
  for (const [key, declared] of Object.entries(fields(yaml.config))) {
    const { value, default: fallback } = fields(declared);
    if ((value ?? fallback) !== undefined) config[key.includes(":") ? key : `${name}:${key}`] = value ?? fallback;
  }
  return {
    directory,
    name,
    main: text(yaml.main) ?? ".",
    nodeArgs: splitArguments(text(options.nodeargs) ?? ""),
    typescript: options.typescript !== false,
    stackDirectory: join(directory, text(yaml.stackConfigDir) ?? "."),
    config,
  };
}

/** Splits a command line at white space, quotes respected, as the language host does (shlex). */
export function splitArguments(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"),
  );
}
