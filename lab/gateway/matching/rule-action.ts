import { type Fields, fields, fieldsList, number, text, textList } from "../../manifests/fields.ts";
import { parseDuration } from "../../topology/duration.ts";
import type { Cors } from "./cors.ts";
import type { BackendTarget } from "./decision.ts";
import type { HeaderModifier, HeaderValue, PathModifier, Redirect, Rewrite } from "./filters.ts";

/** The filters of a rule or of one backendRef, read once. */
export interface Filters {
  readonly redirect: Redirect | undefined;
  readonly rewrite: Rewrite | undefined;
  readonly requestHeaders: HeaderModifier | undefined;
  readonly responseHeaders: HeaderModifier | undefined;
  readonly cors: Cors | undefined;
  /** A filter that is not served: "requests that would have been processed by that filter MUST receive an HTTP error". */
  readonly unsupported: string | undefined;
}

/** One entry of backendRefs. */
export interface WeightedBackend {
  readonly weight: number;
  readonly target: BackendTarget;
  readonly filters: Filters;
}

/** What a rule does with the requests that match it. */
export interface RuleAction {
  readonly filters: Filters;
  readonly backends: readonly WeightedBackend[];
  /** Milliseconds: the smaller of `timeouts.request` and `timeouts.backendRequest`; undefined = none ("0s" too). */
  readonly timeout: number | undefined;
}

/** Reads `filters` as written. RequestMirror is accepted and not sent: its answers are ignored by definition. */
export function readFilters(written: readonly Fields[]): Filters {
  const ofType = (type: string) => written.find((filter) => filter.type === type);
  const known = new Set([
    "RequestHeaderModifier",
    "ResponseHeaderModifier",
    "RequestRedirect",
    "URLRewrite",
    "RequestMirror",
    "CORS",
  ]);
  const unsupported = written.find((filter) => !known.has(text(filter.type) ?? ""));
  return {
    redirect: read(ofType("RequestRedirect")?.requestRedirect, readRedirect),
    rewrite: read(ofType("URLRewrite")?.urlRewrite, readRewrite),
    requestHeaders: read(ofType("RequestHeaderModifier")?.requestHeaderModifier, readModifier),
    responseHeaders: read(ofType("ResponseHeaderModifier")?.responseHeaderModifier, readModifier),
    cors: read(ofType("CORS")?.cors, readCors),
    unsupported: unsupported === undefined ? undefined : (text(unsupported.type) ?? "without a type"),
  };
}

/** The limit that `timeouts` of a rule sets, in milliseconds. */
export function readTimeout(timeouts: Fields): number | undefined {
  const limits = [timeouts.request, timeouts.backendRequest]
    .map((value) => parseDuration(text(value)))
    .filter((limit) => limit !== undefined && limit > 0);
  return limits.length === 0 ? undefined : Math.min(...limits.map(Number));
}

function read<T>(value: unknown, reader: (value: Fields) => T): T | undefined {
  return value === undefined || value === null ? undefined : reader(fields(value));
}

function readRedirect(redirect: Fields): Redirect {
  return {
    scheme: text(redirect.scheme)?.toLowerCase(),
    hostname: text(redirect.hostname),
    port: number(redirect.port),
    path: read(redirect.path, readPath),
    statusCode: number(redirect.statusCode) ?? 302,
  };
}

function readRewrite(rewrite: Fields): Rewrite {
  return { hostname: text(rewrite.hostname), path: read(rewrite.path, readPath) };
}

function readPath(path: Fields): PathModifier {
  return path.type === "ReplacePrefixMatch"
    ? { type: "ReplacePrefixMatch", value: text(path.replacePrefixMatch) ?? "" }
    : { type: "ReplaceFullPath", value: text(path.replaceFullPath) ?? "" };
}

function readModifier(modifier: Fields): HeaderModifier {
  return { set: values(modifier.set), add: values(modifier.add), remove: textList(modifier.remove) };
}

function values(entries: unknown): HeaderValue[] {
  return fieldsList(entries).map((entry) => ({ name: text(entry.name) ?? "", value: text(entry.value) ?? "" }));
}

function readCors(cors: Fields): Cors {
  return {
    allowOrigins: textList(cors.allowOrigins),
    allowCredentials: cors.allowCredentials === true,
    allowMethods: textList(cors.allowMethods),
    allowHeaders: textList(cors.allowHeaders),
    exposeHeaders: textList(cors.exposeHeaders),
    maxAge: number(cors.maxAge) ?? 5,
  };
}
