import { type KubeObject, refOf, type Sourced } from "../../manifests/object.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import { error, type Finding } from "../finding.ts";
import { listed, nearest } from "../names.ts";
import { Recorder } from "./recorder.ts";
import { type SchemaError, validatorFor } from "./validators.ts";

const RULE = "SCHEMA";

/** Fields that the API has but the packages' validators forget to look at. */
const UNCHECKED = new Set(["GatewayClass /spec/description"]);

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Validates every object whose kind's schema is known, fields that the schema does not have included (the API server
 * drops those without a word unless asked for strict validation). Unknown kinds and values not known yet are left alone.
 */
export async function checkSchemas(objects: readonly Sourced[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { object } of objects) {
    const validate = await validatorFor(object);
    if (validate === undefined) continue;
    const recorder = new Recorder();
    const errors = oncePerField(validate(recorder.watch(object))).filter(
      (problem) => !isUnknown(at(object, problem.instancePath)) && !isAccepted(problem, object),
    );
    findings.push(...errors.map((problem) => invalid(object, problem)));
    const unread = recorder.unread(object).filter(({ pointer }) => !UNCHECKED.has(`${object.kind} ${pointer}`));
    findings.push(...unread.map((field) => unknownField(object, field)));
  }
  return findings;
}

/**
 * What the packages' validators refuse and an API server takes: base64 in several lines (Go's decoder passes over line
 * breaks), and ExternalAuth, which the experimental channel has.
 */
function isAccepted({ keyword, params, instancePath }: SchemaError, object: KubeObject): boolean {
  const value = at(object, instancePath);
  if (typeof value !== "string") return false;
  if (keyword === "format" && params.format === "byte") return BASE64.test(value.replace(/[\r\n]/g, ""));
  return keyword === "enum" && value === "ExternalAuth" && /\/filters\/\d+\/type$/.test(instancePath);
}

/** Alternatives fail with an error for each of them and one for the whole; only the last is told. */
function oncePerField(errors: readonly SchemaError[]): SchemaError[] {
  const alternatives = new Set(errors.filter(isAlternative).map(({ instancePath }) => instancePath));
  const kept = errors.filter((error) => isAlternative(error) || !alternatives.has(error.instancePath));
  const byField = new Map<string, SchemaError>();
  for (const problem of kept) {
    const key = `${problem.instancePath} ${problem.keyword === "required" ? String(problem.params.missingProperty) : ""}`;
    if (!byField.has(key)) byField.set(key, problem);
  }
  return [...byField.values()];
}

function isAlternative({ keyword }: SchemaError): boolean {
  return keyword === "oneOf" || keyword === "anyOf";
}

function unknownField(
  object: KubeObject,
  { pointer, field, known }: { pointer: string; field: string; known: string[] },
): Finding {
  const meant = nearest(field, known);
  const message = `unknown field ${shown(pointer)}: it would be dropped${meant === undefined ? "" : `; the nearest known one is ${meant}`}`;
  const fix = meant === undefined ? `remove it; known here: ${listed(known.sort())}` : `write ${meant}`;
  return error(RULE, { from: refOf(object), to: null, message, fix, path: pointer });
}

function invalid(object: KubeObject, problem: SchemaError): Finding {
  const { instancePath } = problem;
  const value = at(object, instancePath);
  const { found, fix } = describe(
    problem,
    value,
    isSecretEntry(object, instancePath) ? "a Secret's value" : short(value),
  );
  const message = `${instancePath === "" ? "the object" : shown(instancePath)} ${found}`;
  const path =
    problem.keyword === "required" ? `${instancePath}/${String(problem.params.missingProperty)}` : instancePath;
  return error(RULE, { from: refOf(object), to: null, message, fix, path });
}

/** What a Secret holds is not told. */
function isSecretEntry({ kind }: KubeObject, pointer: string): boolean {
  return kind === "Secret" && /^\/(data|stringData)(\/|$)/.test(pointer);
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function describe(
  { keyword, params, message }: SchemaError,
  value: unknown,
  got: string,
): { found: string; fix: string } {
  switch (keyword) {
    case "required":
      return { found: `lacks ${String(params.missingProperty)}`, fix: `add ${String(params.missingProperty)}` };
    case "type":
      return {
        found: `must be of type ${String(params.type)}, got ${got}`,
        fix: typeFix(String(params.type), value),
      };
    case "enum": {
      const allowed = Array.isArray(params.allowedValues) ? params.allowedValues.map(String) : [];
      const meant = typeof value === "string" ? nearest(value, allowed) : undefined;
      return {
        found: `must be ${oneOf(allowed)}, got ${got}`,
        fix: meant === undefined ? `write one of them` : `write ${meant}`,
      };
    }
    case "pattern":
      return { found: `has a form that is not allowed: ${got}`, fix: `match ${String(params.pattern)}` };
    case "format":
      if (params.format === "byte") return { found: "is not base64", fix: "encode it as base64" };
      return {
        found: `must be of format ${String(params.format)}, got ${got}`,
        fix: `write it as ${String(params.format)}`,
      };
    case "oneOf":
    case "anyOf":
      return { found: `has none of the allowed forms: ${got}`, fix: "write a number, or text" };
    default:
      return {
        found: `${message ?? `breaks ${keyword} ${String(params.limit ?? "")}`.trim()}, got ${got}`,
        fix: limitFix(keyword, params.limit),
      };
  }
}

function typeFix(type: string, value: unknown): string {
  if (typeof value === "string" && type !== "string" && type !== "array" && type !== "object")
    return `write it without quotes, as ${type}`;
  return type === "string" ? "put it in quotes" : `write ${type === "array" ? "a list" : `an ${type}`}`;
}

function limitFix(keyword: string, limit: unknown): string {
  const most = keyword.startsWith("max");
  return most || keyword.startsWith("min")
    ? `use ${most ? "at most" : "at least"} ${String(limit)}`
    : "see the API reference";
}

function oneOf(allowed: readonly string[]): string {
  return allowed.length === 1 ? (allowed[0] ?? "") : `one of ${allowed.join(", ")}`;
}

/** The value at a JSON pointer. */
function at(object: unknown, pointer: string): unknown {
  let value = object;
  for (const step of pointer.split("/").slice(1)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[step.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return value;
}

/** "/spec/rules/0/backendRefs" → "spec.rules[0].backendRefs". */
function shown(pointer: string): string {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.reduce(
    (text, step) => (/^\d+$/.test(step) ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`),
    "",
  );
}
