import { type Fields, fields, fieldsList, list, text } from "../../manifests/fields.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import { parseDuration } from "../../topology/duration.ts";
import type { Route, RouteRule, Topology } from "../../topology/model.ts";
import { error, type Finding } from "../finding.ts";

const MAX_RULES = 16;
const MAX_MATCHES = 128;
/** Filters that may stand in a list several times; every other type only once. */
const REPEATABLE = new Set(["RequestMirror", "ExtensionRef"]);
const FORBIDDEN_IN_PATHS = ["//", "/./", "/../", "%2f", "%2F", "#"];

/** The field that holds a filter's settings, by its type. */
const FIELD_OF_TYPE: Readonly<Record<string, string>> = {
  RequestHeaderModifier: "requestHeaderModifier",
  ResponseHeaderModifier: "responseHeaderModifier",
  RequestMirror: "requestMirror",
  RequestRedirect: "requestRedirect",
  URLRewrite: "urlRewrite",
  ExtensionRef: "extensionRef",
  CORS: "cors",
  ExternalAuth: "externalAuth",
};

type Found = (message: string, fix: string, path: string) => Finding;

/** W30: what the HTTPRoute's and GRPCRoute's own validation (CEL rules of the CRDs) demands of filters and paths. */
export function filters({ routes }: Topology): Finding[] {
  return routes
    .filter(({ kind }) => kind === "HTTPRoute" || kind === "GRPCRoute")
    .flatMap((route) => {
      const found: Found = (message, fix, path) => error("W30", { from: route.ref, to: null, message, fix, path });
      return [...sizes(route, found), ...route.rules.flatMap((rule) => oneRule(route, rule, found))];
    });
}

function sizes({ rules, kind }: Route, found: Found): Finding[] {
  const findings: Finding[] = [];
  if (rules.length > MAX_RULES) {
    findings.push(
      found(
        `has ${rules.length} rules; a route has at most ${MAX_RULES}`,
        "split it into several routes",
        "/spec/rules",
      ),
    );
  }
  const matches = rules.reduce((sum, { raw }) => sum + list(raw.matches).length, 0);
  if (matches > MAX_MATCHES && kind === "HTTPRoute") {
    findings.push(
      found(
        `has ${matches} matches in all; a route has at most ${MAX_MATCHES}`,
        "split it into several routes",
        "/spec/rules",
      ),
    );
  }
  return findings;
}

function oneRule(route: Route, rule: RouteRule, found: Found): Finding[] {
  const at = `/spec/rules/${rule.index}`;
  const where = `rule ${rule.name ?? rule.index + 1}`;
  const lists: [readonly Fields[], string, string][] = [
    [rule.filters, `${at}/filters`, where],
    ...rule.backends.map((backend): [readonly Fields[], string, string] => [
      backend.filters,
      `${at}/backendRefs/${backend.index}/filters`,
      `${where}, backendRef ${backend.name}`,
    ]),
  ];
  const findings = lists.flatMap(([filters, path, name]) => filterList(filters, rule, name, path, found));
  const redirects = rule.filters.some(({ type }) => type === "RequestRedirect");
  if (redirects && rule.backends.length > 0) {
    const message = `${where} redirects requests (RequestRedirect) and has backendRefs, which would never be asked`;
    findings.push(found(message, "remove backendRefs, or the RequestRedirect filter", `${at}/backendRefs`));
  }
  if (route.kind === "HTTPRoute") {
    findings.push(...paths(rule, where, at, found), ...namedTwice(rule, where, at, found));
    findings.push(...timeouts(rule, where, at, found));
  }
  return findings;
}

function filterList(filters: readonly Fields[], rule: RouteRule, where: string, path: string, found: Found): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const { type } of filters) {
    if (typeof type !== "string" || REPEATABLE.has(type) || isUnknown(type)) continue;
    if (seen.has(type))
      findings.push(found(`${where} has filter ${type} twice`, `merge them into one ${type} filter`, path));
    seen.add(type);
  }
  if (seen.has("RequestRedirect") && seen.has("URLRewrite")) {
    const message = `${where} has both RequestRedirect and URLRewrite; only one of them can be`;
    findings.push(found(message, "keep one of the two filters", path));
  }
  for (const filter of filters) {
    findings.push(...pathModifier(filter, rule, where, path, found), ...ownField(filter, where, path, found));
  }
  return findings;
}

/** A filter's settings are in the field that its type names, and in no other. */
function ownField(filter: Fields, where: string, path: string, found: Found): Finding[] {
  const { type, ...settings } = filter;
  if (typeof type !== "string" || isUnknown(type)) return [];
  const own = FIELD_OF_TYPE[type];
  if (own === undefined) return [];
  if (settings[own] === undefined) {
    return [found(`${where}: filter ${type} lacks ${own}`, `add ${own}, or change the filter's type`, path)];
  }
  const foreign = Object.values(FIELD_OF_TYPE).find((field) => field !== own && settings[field] !== undefined);
  if (foreign === undefined) return [];
  return [found(`${where}: filter ${type} has ${foreign}, which belongs to another type`, `remove ${foreign}`, path)];
}

function pathModifier(filter: Fields, rule: RouteRule, where: string, path: string, found: Found): Finding[] {
  const modifier = fields(fields(filter.type === "URLRewrite" ? filter.urlRewrite : filter.requestRedirect).path);
  if (modifier.type !== "ReplacePrefixMatch" || isUnknown(rule.raw.matches)) return [];
  const [match] = rule.matches;
  if (rule.matches.length === 1 && match?.path.type === "PathPrefix") return [];
  const has = rule.matches.length === 1 ? `its match is ${match?.path.type}` : `it has ${rule.matches.length} matches`;
  const message = `${where} has ReplacePrefixMatch in ${filter.type}, which needs exactly one match of type PathPrefix: ${has}`;
  return [found(message, "match one PathPrefix in this rule, or use ReplaceFullPath", path)];
}

/** One try of a backend cannot take longer than the whole request may; "0s" is no limit. */
function timeouts({ raw }: RouteRule, where: string, at: string, found: Found): Finding[] {
  const { request, backendRequest } = fields(raw.timeouts);
  const [whole, part] = [request, backendRequest].map((limit) => parseDuration(text(limit)));
  if (whole === undefined || part === undefined || whole === 0 || part <= whole) return [];
  const message = `${where}: timeouts.backendRequest ${String(backendRequest)} is longer than timeouts.request ${String(request)}`;
  return [found(message, `set backendRequest to ${String(request)} or less`, `${at}/timeouts`)];
}

/** Lists that the CRD keys by name: the conditions of a match, and the headers that a filter sets or adds. */
function namedTwice(rule: RouteRule, where: string, at: string, found: Found): Finding[] {
  const modifiers = rule.filters.flatMap((filter) => [
    fields(filter.requestHeaderModifier),
    fields(filter.responseHeaderModifier),
  ]);
  const lists: [string, readonly { name?: unknown }[]][] = [
    ...rule.matches.flatMap(({ headers, queryParams }): [string, readonly { name?: unknown }[]][] => [
      ["header", headers],
      ["query parameter", queryParams],
    ]),
    ...modifiers.flatMap(({ set, add }): [string, readonly { name?: unknown }[]][] => [
      ["header to set", fieldsList(set)],
      ["header to add", fieldsList(add)],
    ]),
  ];
  return lists.flatMap(([what, entries]) => {
    const names = entries.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice === undefined) return [];
    return [found(`${where} lists ${what} ${String(twice)} twice`, "keep one of the two", at)];
  });
}

function paths(rule: RouteRule, where: string, at: string, found: Found): Finding[] {
  return rule.matches.flatMap(({ path }, i) => {
    const { type, value } = path;
    if ((type !== "Exact" && type !== "PathPrefix") || isUnknown(value)) return [];
    const field = `${at}/matches/${i}/path`;
    if (!value.startsWith("/")) {
      return [found(`${where}: path ${JSON.stringify(value)} does not begin with "/"`, `set value: /${value}`, field)];
    }
    const forbidden =
      FORBIDDEN_IN_PATHS.find((part) => value.includes(part)) ?? ["/..", "/."].find((end) => value.endsWith(end));
    if (forbidden !== undefined) {
      const fix = `write the path without ${JSON.stringify(forbidden)}`;
      return [found(`${where}: path ${JSON.stringify(value)} holds ${JSON.stringify(forbidden)}`, fix, field)];
    }
    if (/^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/.test(value)) return [];
    const message = `${where}: path ${JSON.stringify(value)} holds a character that a path cannot have`;
    return [found(message, "percent-encode it, or use type: RegularExpression for a pattern", field)];
  });
}
