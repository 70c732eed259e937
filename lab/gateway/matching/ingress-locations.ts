// Which path of an Ingress serves a request: docs/user-guide/ingress-path-matching.md and docs/examples/rewrite/README.md
// of kubernetes/ingress-nginx.
import { RE2JS } from "re2js";
import type { IngressLocation, IngressServer } from "./ingress-model.ts";
import { withoutTrailingSlash } from "./route-index.ts";

/** The location that serves a path. */
export interface Found {
  readonly location: IngressLocation;
  /** The path for the backend. */
  readonly path: string;
}

/**
 * The look-up of one server. Exact before Prefix, longest first. When any Ingress of the host uses regular expressions
 * or rewrites, every path of the host is a case-insensitive expression that need only match the beginning, longest
 * path first.
 */
export function compileLocations(server: IngressServer): (path: string) => Found | undefined {
  const enforceRegex = server.locations.some(
    ({ annotations }) => annotations.useRegex || annotations.rewriteTarget !== undefined,
  );
  return enforceRegex ? byExpression(server.locations) : bySegment(server.locations);
}

function bySegment(locations: readonly IngressLocation[]): (path: string) => Found | undefined {
  const exact = new Map<string, IngressLocation>();
  const prefix = new Map<string, IngressLocation>();
  const plain: IngressLocation[] = [];
  for (const location of locations) {
    const { path, pathType } = location;
    if (pathType === "Exact") keepFirst(exact, path, location);
    else if (pathType === "Prefix") keepFirst(prefix, withoutTrailingSlash(path), location);
    else plain.push(location);
  }
  // ImplementationSpecific is nginx' own prefix match, by characters.
  plain.sort((a, b) => b.path.length - a.path.length);
  return (path) => {
    const location =
      exact.get(path) ??
      longest(
        longestPrefix(prefix, path),
        plain.find((l) => path.startsWith(l.path)),
      );
    return location && { location, path };
  };
}

function keepFirst(map: Map<string, IngressLocation>, path: string, location: IngressLocation): void {
  if (!map.has(path)) map.set(path, location);
}

function longest(a: IngressLocation | undefined, b: IngressLocation | undefined): IngressLocation | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.path.length > a.path.length ? b : a;
}

function longestPrefix(prefix: ReadonlyMap<string, IngressLocation>, path: string): IngressLocation | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    const found = prefix.get(path.slice(0, end));
    if (found !== undefined) return found;
  }
  return prefix.get("");
}

function byExpression(locations: readonly IngressLocation[]): (path: string) => Found | undefined {
  const ordered = [...locations].sort((a, b) => b.path.length - a.path.length);
  const compiled = ordered.flatMap((location) => {
    const expression = compileExpression(location);
    return expression === undefined ? [] : [{ location, expression }];
  });
  return (path) => {
    for (const { location, expression } of compiled) {
      const matcher = expression.matcher(path);
      if (!matcher.lookingAt()) continue;
      const target = location.annotations.rewriteTarget;
      if (target === undefined) return { location, path };
      const groups = matcher.groupCount();
      const rewritten = target.replace(/\$(\d)/g, (_, digit: string) =>
        Number(digit) <= groups ? (matcher.group(Number(digit)) ?? "") : "",
      );
      return { location, path: rewritten };
    }
    return undefined;
  };
}

function compileExpression({ path }: IngressLocation): RE2JS | undefined {
  try {
    return RE2JS.compile(path, RE2JS.CASE_INSENSITIVE);
  } catch {
    return undefined;
  }
}
