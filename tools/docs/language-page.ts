import { stackFileSchema } from "../stack-schema.ts";
import { code, table } from "./markdown.ts";

/** As much of JSON Schema as zod writes. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** Every word of the stack language, a section for each `learn:` key: made from the schema that validates stack files. */
export function languagePage(): string {
  const { properties = {} } = (stackFileSchema() as Schema).properties?.config ?? {};
  return Object.entries(properties)
    .map(([key, schema]) => section(key, schema))
    .join("\n\n");
}

function section(key: string, schema: Schema): string {
  const described = schema.description === undefined ? "" : `${sentence(schema.description)}\n\n`;
  const rows = rowsOf(schema, "");
  const fallback = schema.default === undefined || isEmpty(schema.default) ? "" : ` Default: ${value(schema.default)}.`;
  const body =
    rows.length === 0 ? `${kindOf(schema)}.${fallback}` : table(["key", "value", "default", "meaning"], rows);
  return `## ${code(key)}\n\n${described}${body}`;
}

function rowsOf(schema: Schema, path: string): string[][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) =>
    entry(path === "" ? key : `${path}.${key}`, inner, schema.required?.includes(key) ?? false),
  );
  const { additionalProperties: any, items } = schema;
  const named = typeof any === "object" && isNested(any) ? rowsOf(any, path === "" ? "<name>" : `${path}.<name>`) : [];
  const listed = items !== undefined && isNested(items) ? rowsOf(items, `${path}[]`) : [];
  const alternatives = (schema.anyOf ?? []).filter(isNested).flatMap((inner) => rowsOf(inner, path));
  return [...own, ...named, ...listed, ...alternatives];
}

function entry(path: string, schema: Schema, required: boolean): string[][] {
  const fallback = schema.default === undefined || isEmpty(schema.default) ? "" : value(schema.default);
  const must = required && schema.default === undefined ? "required" : fallback;
  return [[code(path), kindOf(schema), must, plain(schema.description ?? "")], ...rowsOf(schema, path)];
}

function isNested({ properties, additionalProperties, items, anyOf }: Schema): boolean {
  if (properties !== undefined) return Object.keys(properties).length > 0;
  if (typeof additionalProperties === "object") return isNested(additionalProperties);
  if (items !== undefined) return isNested(items);
  return anyOf?.some(isNested) ?? false;
}

function kindOf(schema: Schema): string {
  if (schema.const !== undefined) return value(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(value).join(", ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(kindOf).join(" or ");
  if (schema.items !== undefined) return `list of ${plural(schema.items)}`;
  if (schema.type === "integer" || schema.type === "number") return rangeText(schema);
  if (schema.type === "object") {
    if (schema.properties !== undefined) return "block";
    const { additionalProperties: inner } = schema;
    return typeof inner === "object" && Object.keys(inner).length > 0 ? `name → ${kindOf(inner)}` : "block";
  }
  return schema.type === "string" ? "text" : (schema.type ?? "anything");
}

function plural(schema: Schema): string {
  const kind = kindOf(schema);
  return kind === "text" ? "texts" : kind === "block" ? "blocks" : kind;
}

function rangeText({ minimum, maximum }: Schema): string {
  const known = (bound: number | undefined) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  if (known(minimum) && known(maximum)) return `${minimum}–${maximum}`;
  return known(minimum) ? `number, at least ${minimum}` : "number";
}

/** Angle brackets are text here, not HTML. */
function plain(description: string): string {
  return description.replaceAll("<", "\\<");
}

function isEmpty(fallback: unknown): boolean {
  return typeof fallback === "object" && fallback !== null && Object.keys(fallback).length === 0;
}

function value(given: unknown): string {
  return code(typeof given === "string" ? given : JSON.stringify(given));
}

function sentence(text: string): string {
  const closed = /[.!?]$/.test(text) ? text : `${text}.`;
  return closed.charAt(0).toUpperCase() + closed.slice(1);
}
