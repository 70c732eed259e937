import { readFile } from "node:fs/promises";
import { text as readStream } from "node:stream/consumers";
import { distance } from "fastest-levenshtein";
import { type output, z } from "../../config/zod.ts";
import type { Expectation, ProbeRequest } from "../probe/model.ts";
import { VisibleError } from "../terminal/visible-error.ts";

const headers = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String));

const EXPECT = z.strictObject({
  status: z.int().min(0).max(599).optional(),
  body: z.string().optional(),
  contains: z.string().optional(),
  backend: z.string().nullable().optional(),
  redirectTo: z.string().optional(),
  path: z.string().nullable().optional(),
  headers: z.record(z.string(), z.string().nullable()).optional(),
  refused: z.boolean().optional(),
});

const REQUEST = z.looseObject({
  scheme: z.preprocess((value) => (typeof value === "string" ? value.toLowerCase() : value), z.enum(["http", "https"])),
  port: z.int().min(1).max(65535),
  host: z.string().min(1),
  sni: z.string().nullish(),
  path: z
    .string()
    .regex(/^(\/|\*$)/, 'must begin with "/"')
    .default("/"),
  method: z
    .string()
    .regex(/^[A-Z]+$/, "must be a method in upper case")
    .optional(),
  headers: headers.optional(),
  body: z.string().optional(),
  gateway: z.string().optional(),
  http: z.enum(["1.1", "2"]).optional(),
  follow: z.boolean().optional(),
  expect: EXPECT.optional(),
});

/** Read requests, and remarks about keys that mean nothing (perhaps misspelt). */
export interface RequestsFile {
  readonly requests: readonly ProbeRequest[];
  readonly remarks: readonly string[];
}

/**
 * Reads the requests of `--probe`: a JSON array; "-" = standard input.
 * @throws VisibleError with every mistake and its place
 */
export async function readRequests(path: string): Promise<RequestsFile> {
  const content = path === "-" ? await readStream(process.stdin) : await readFile(path, "utf8").catch(unreadable(path));
  return parseRequests(content, path === "-" ? "standard input" : path);
}

/** {@link readRequests} for content that was read; `name` is for messages. */
export function parseRequests(content: string, name: string): RequestsFile {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new VisibleError(`${name}: not readable as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = z.array(REQUEST).safeParse(value);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(({ path, message }) => `  ${placeOf(path)}: ${message}`);
    throw new VisibleError([`${name}: not a list of requests`, ...mistakes]);
  }
  const remarks = parsed.data.flatMap((request, i) => unknownKeys(request).map((remark) => `${name}[${i}]: ${remark}`));
  return { requests: parsed.data.map(requestOf), remarks };
}

function requestOf(request: output<typeof REQUEST>): ProbeRequest {
  const { scheme, port, host, path, sni, method, headers, body, gateway, http, follow, expect } = request;
  return {
    ...{ scheme, port, host, path },
    ...(sni === undefined || sni === null ? {} : { sni }),
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(http === undefined ? {} : { http }),
    ...(follow === undefined ? {} : { follow }),
    ...(expect === undefined ? {} : { expect: withoutUndefined(expect) }),
  };
}

/** Zod's optional keys without those that are undefined. */
function withoutUndefined(expect: output<typeof EXPECT>): Expectation {
  return Object.fromEntries(Object.entries(expect).filter(([, value]) => value !== undefined));
}

function unknownKeys(request: object): string[] {
  const known = Object.keys(REQUEST.shape);
  return Object.keys(request)
    .filter((key) => !known.includes(key))
    .flatMap((key) => {
      const [nearest] = [...known].sort((a, b) => distance(a, key) - distance(b, key));
      const near = nearest !== undefined && distance(nearest, key) <= 2;
      return near ? [`"${key}" is ignored; is "${nearest}" meant?`] : [];
    });
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.length === 0
    ? "the file"
    : path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
}

function unreadable(path: string) {
  return (error: NodeJS.ErrnoException): never => {
    throw new VisibleError(`cannot read ${path}: ${error.code === "ENOENT" ? "no such file" : error.message}`);
  };
}
