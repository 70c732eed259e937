import { RE2JS } from "re2js";
import type { RequestView, RouteMatch, ValueMatch } from "./model.ts";

/** Tells whether a request satisfies a condition. */
export type Predicate = (request: RequestView) => boolean;

/**
 * A test of whole values against a regular expression of RE2's dialect; an expression that does not compile matches
 * nothing, because "RegularExpression" is implementation-specific and an invalid rule is to be dropped.
 */
export function fullMatch(expression: string): (value: string) => boolean {
  try {
    const compiled = RE2JS.compile(expression);
    return (value) => compiled.matches(value);
  } catch {
    return () => false;
  }
}

/**
 * The conditions of a match beside its path, or undefined when it has none. Header names are case-insensitive, query
 * parameter names are not; of several entries of the same name only the first counts (HTTPHeaderMatch.name,
 * HTTPQueryParamMatch.name).
 */
export function conditionsOf(match: RouteMatch): Predicate | undefined {
  const all: Predicate[] = [];
  const { method } = match;
  if (method !== undefined) all.push((request) => request.method === method);
  for (const header of firstOfEachName(match.headers, (name) => name.toLowerCase())) all.push(headerPredicate(header));
  for (const param of firstOfEachName(match.queryParams, (name) => name)) all.push(queryPredicate(param));
  const [only] = all;
  if (all.length <= 1) return only;
  return (request) => all.every((predicate) => predicate(request));
}

/** Entries of which an earlier one has the same name are ignored. */
export function firstOfEachName<T extends { readonly name: string }>(
  entries: readonly T[],
  key: (name: string) => string,
): T[] {
  const seen = new Set<string>();
  return entries.filter((entry) => {
    const name = key(entry.name);
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

function headerPredicate(header: ValueMatch): Predicate {
  const name = header.name.toLowerCase();
  const matches = valuePredicate(header);
  return (request) => {
    const value = name === "host" ? request.host : request.headers[name];
    if (value === undefined) return false;
    return matches(typeof value === "string" ? value : value.join(","));
  };
}

function queryPredicate(param: ValueMatch): Predicate {
  const matches = valuePredicate(param);
  return (request) => {
    const value = firstParam(request.query, param.name);
    return value !== undefined && matches(value);
  };
}

function valuePredicate(match: ValueMatch): (value: string) => boolean {
  if (match.type === "RegularExpression") return fullMatch(match.value);
  return (value) => value === match.value;
}

/** The first value of a query parameter, as the API recommends for repeated ones; decoded. */
function firstParam(query: string, name: string): string | undefined {
  if (query === "") return undefined;
  return new URLSearchParams(query).get(name) ?? undefined;
}

/** A match in words: `Exact /login GET header version=v2 query a=b`. */
export function describeMatch(match: RouteMatch): string {
  const parts = [`${match.path.type} ${match.path.value}`];
  if (match.method !== undefined) parts.push(match.method);
  for (const { type, name, value } of match.headers) parts.push(`header ${name}${sign(type)}${value}`);
  for (const { type, name, value } of match.queryParams) parts.push(`query ${name}${sign(type)}${value}`);
  return parts.join(" ");
}

function sign(type: string): string {
  return type === "RegularExpression" ? "~" : "=";
}
