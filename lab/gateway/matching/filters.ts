// Filters of HTTPRoute rules and backendRefs, as pure functions. Source: apis/v1/httproute_types.go of
// sigs.k8s.io/gateway-api, types HTTPHeaderFilter, HTTPPathModifier, HTTPRequestRedirectFilter, HTTPURLRewriteFilter.
import { firstOfEachName } from "./predicates.ts";
import { withoutTrailingSlash } from "./route-index.ts";

export interface HeaderValue {
  readonly name: string;
  readonly value: string;
}

/** RequestHeaderModifier or ResponseHeaderModifier; names are kept as written, compared without case. */
export interface HeaderModifier {
  readonly set: readonly HeaderValue[];
  readonly add: readonly HeaderValue[];
  readonly remove: readonly string[];
}

/** `path` of a redirect or rewrite. */
export type PathModifier =
  | { readonly type: "ReplaceFullPath"; readonly value: string }
  | { readonly type: "ReplacePrefixMatch"; readonly value: string };

export interface Redirect {
  readonly scheme?: string | undefined;
  readonly hostname?: string | undefined;
  readonly port?: number | undefined;
  readonly path?: PathModifier | undefined;
  readonly statusCode: number;
}

export interface Rewrite {
  readonly hostname?: string | undefined;
  readonly path?: PathModifier | undefined;
}

/** The request as it arrived, for a redirect. */
export interface Arrived {
  readonly scheme: "http" | "https";
  readonly host: string;
  /** The listener's port in the manifest, whatever local port stands for it. */
  readonly listenerPort: number;
  readonly path: string;
  /** With its "?", or "". */
  readonly search: string;
}

type Headers = Record<string, string | string[] | number | undefined>;

/** Changes headers in place: set overwrites, add appends with ",", remove takes away; keys are lower-case. */
export function modifyHeaders(headers: Headers, modifier: HeaderModifier): void {
  const lower = (name: string) => name.toLowerCase();
  for (const { name, value } of firstOfEachName(modifier.set, lower)) headers[lower(name)] = value;
  for (const { name, value } of firstOfEachName(modifier.add, lower)) {
    const key = lower(name);
    const before = headers[key];
    if (key === "set-cookie") headers[key] = [...[before ?? []].flat().map(String), value];
    else headers[key] = before === undefined ? value : `${[before].flat().join(",")},${value}`;
  }
  for (const name of modifier.remove) delete headers[lower(name)];
}

/**
 * The path after a modifier. `prefix` is the PathPrefix by which the rule matched (ReplacePrefixMatch is only allowed
 * with one). The table of HTTPPathModifier.replacePrefixMatch is in the tests.
 */
export function modifyPath(path: string, modifier: PathModifier | undefined, prefix: string): string {
  if (modifier === undefined) return path;
  if (modifier.type === "ReplaceFullPath") return modifier.value === "" ? "/" : modifier.value;
  const rest = path.slice(withoutTrailingSlash(prefix).length);
  const replaced = withoutTrailingSlash(modifier.value) + rest;
  return replaced === "" ? "/" : replaced;
}

const WELL_KNOWN_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/**
 * The Location of a redirect. Without `port`: the well-known port of `scheme` if that is given, else the listener's;
 * a scheme's well-known port is never written.
 */
export function redirectLocation(redirect: Redirect, arrived: Arrived, prefix: string): string {
  const scheme = redirect.scheme ?? arrived.scheme;
  const host = redirect.hostname ?? arrived.host;
  const wellKnown = redirect.scheme === undefined ? undefined : WELL_KNOWN_PORTS[redirect.scheme];
  const port = redirect.port ?? wellKnown ?? arrived.listenerPort;
  const portPart = WELL_KNOWN_PORTS[scheme] === port ? "" : `:${port}`;
  const path = modifyPath(arrived.path, redirect.path, prefix);
  return `${scheme}://${host}${portPart}${path}${arrived.search}`;
}
