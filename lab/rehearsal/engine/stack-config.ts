import { readFile } from "node:fs/promises";
import { LineCounter, parseDocument } from "yaml";
import { type Fields, fields, isFields } from "../../manifests/fields.ts";
import { VisibleError } from "../../terminal/visible-error.ts";
import { goScalars } from "./go-scalars.ts";
import type { Project } from "./project.ts";

/** A stack's configuration as the engine hands it to a program. */
export interface StackConfig {
  /** Full key ("learn:apps") → text, or JSON text for anything that is no scalar. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys whose values are secret. */
  readonly secretKeys: readonly string[];
}

/**
 * Reads `Pulumi.<stack>.yaml` the way the engine does: keys without a namespace belong to the project, scalars become
 * text, everything else JSON with its keys in alphabetical order (Go's encoding/json sorts maps, so a program never
 * sees the order of the file). A key without a value is the empty text. test/real compares with the CLI.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/config/object.go (MarshalString)
 * @throws VisibleError unreadable or malformed file (line and column), or an encrypted value, which nobody can open here
 */
export async function readStackConfig(file: string, project: Project): Promise<StackConfig> {
  const content = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new VisibleError(`cannot read ${file}: ${error.code === "ENOENT" ? "no such file" : error.message}`);
  });
  const lines = new LineCounter();
  const document = parseDocument(content, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    customTags: goScalars,
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new VisibleError(`${file}:${line}:${col}: not readable as YAML: ${error.message}`);
  }
  const yaml: unknown = document.toJS() ?? {};
  if (!isFields(yaml)) throw new VisibleError(`${file}: expected a mapping with the key config, got ${typeof yaml}`);
  if (yaml.config !== undefined && yaml.config !== null && !isFields(yaml.config)) {
    throw new VisibleError(`${file}: config: expected a mapping, got ${JSON.stringify(yaml.config)}`);
  }
  return configOf({ ...project.config, ...namespaced(fields(yaml.config), project.name) }, file);
}

/** The same from values that are already there, such as a test's. */
export function configOf(values: Fields, source = "configuration"): StackConfig {
  const result: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value === null || value === undefined) continue;
    if (isEncrypted(value)) {
      throw new VisibleError(
        `${source}: ${key} is encrypted; a rehearsal has no passphrase: put a stand-in value into a copy of the file`,
      );
    }
    result[key] = typeof value === "string" ? value : JSON.stringify(sorted(value));
  }
  return { values: result, secretKeys: [] };
}

function namespaced(config: Fields, project: string): Fields {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value ?? ""]),
  );
}

function isEncrypted(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isEncrypted);
  if (!isFields(value)) return false;
  const keys = Object.keys(value);
  return (keys.length === 1 && typeof value.secure === "string") || Object.values(value).some(isEncrypted);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  const keys = Object.keys(value).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}
