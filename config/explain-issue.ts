import type { z } from "zod";
import { didYouMean } from "./nearest.ts";
import { type Path, type Problem, valueAt } from "./problem.ts";

type Issue = z.core.$ZodIssue;

/** A validation issue of zod in the words of this project: what was expected, what was found, what was probably meant. */
export function explainIssue(issue: Issue, schema: z.core.$ZodType, input: unknown): Problem[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  const found = valueAt(input, path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysAt(schema, path);
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `unknown key${didYouMean(key, known)}; known here: ${known.join(", ")}`,
      }));
    }
    case "invalid_value": {
      const known = issue.values.map(String);
      const hint = typeof found === "string" ? didYouMean(found, known) : "";
      return [{ path, message: `expected ${list(known)}, got ${show(found)}${hint}` }];
    }
    case "invalid_key":
      return [{ path, message: `the name must be ${issue.issues[0]?.message ?? "valid"}` }];
    case "invalid_type":
      if (found === undefined) return [{ path, message: `missing; expected ${typeName(issue.expected)}` }];
      return [{ path, message: `expected ${ownWords(issue) ?? typeName(issue.expected)}, got ${show(found)}` }];
    default:
      return [{ path, message: `expected ${ownWords(issue) ?? issue.message}, got ${show(found)}` }];
  }
}

/** zod's own sentences begin with "Invalid" or "Too"; ours are phrases that follow "expected". */
function ownWords(issue: Issue): string | undefined {
  return /^(Invalid|Too|Unrecognized)/.test(issue.message) ? undefined : issue.message;
}

const typeNames: Readonly<Record<string, string>> = {
  object: "a map of settings",
  record: "a map of names to settings",
  string: "a text",
  array: "a list",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

function typeName(expected: string): string {
  return typeNames[expected] ?? expected;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function show(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The keys the schema knows at a path; empty where it is no object. */
function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  let current: z.core.$ZodType | undefined = schema;
  for (const part of path) {
    const def: Def = unwrapped(current)?._zod.def;
    if (isObjectDef(def)) current = def.shape[String(part)];
    else if (isRecordDef(def)) current = def.valueType;
    else if (isArrayDef(def)) current = def.element;
    else return [];
  }
  const def = unwrapped(current)?._zod.def;
  return isObjectDef(def) ? Object.keys(def.shape) : [];
}

function unwrapped(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  let current = schema;
  while (current && isWrapperDef(current._zod.def)) current = current._zod.def.innerType;
  return current;
}

type Def = z.core.$ZodTypeDef | undefined;
const isObjectDef = (def: Def): def is z.core.$ZodObjectDef => def?.type === "object";
const isRecordDef = (def: Def): def is z.core.$ZodRecordDef => def?.type === "record";
const isArrayDef = (def: Def): def is z.core.$ZodArrayDef => def?.type === "array";
const isWrapperDef = (def: Def): def is z.core.$ZodOptionalDef => def?.type === "optional" || def?.type === "default";
