import { HostIndex } from "./hostname.ts";
import type { AttachedRoute, Matched, RequestView, RouteMatch, RouteRef } from "./model.ts";
import { conditionsOf, describeMatch, fullMatch, type Predicate } from "./predicates.ts";

/** One match of one rule, ready to be tried. */
interface Candidate<P> extends Matched<P> {
  readonly conditions: Predicate | undefined;
  readonly created: number;
}

/** The candidates of one hostname, by path. Lists are in order of precedence. */
interface PathTable<P> {
  readonly exact: Map<string, Candidate<P>[]>;
  /** By prefix without trailing slash; "" is the prefix "/". */
  readonly prefix: Map<string, Candidate<P>[]>;
  readonly expressions: { readonly matches: (path: string) => boolean; readonly candidate: Candidate<P> }[];
}

/** How hostnames of routes are chosen, see {@link RouteIndex}. */
export interface IndexOptions {
  /**
   * false (default): as the API words it, "precedence must be given to rules from the HTTPRoute with the largest
   * number of characters in a matching hostname", so a request that no rule of the most specific hostname matches is
   * tried against less specific ones. true: as proxies with virtual hosts do it (Envoy, NGINX): such a request is 404.
   */
  readonly virtualHosts?: boolean;
}

/**
 * All routes attached to one listener, compiled so that the time to match depends on the labels of the host and the
 * segments of the path, not on the number of routes.
 *
 * Precedence (HTTPRouteSpec.hostnames and HTTPRouteRule.matches, apis/v1/httproute_types.go): most specific hostname;
 * Exact path; longest PathPrefix; method; number of headers; number of query parameters; oldest route; route first by
 * "namespace/name"; first rule. RegularExpression, whose place the API leaves open, stands between PathPrefix of at
 * least one segment and the PathPrefix "/"; longer expressions first.
 */
export class RouteIndex<P> {
  readonly #hosts = new HostIndex<PathTable<P>>();
  readonly #virtualHosts: boolean;

  constructor(routes: readonly AttachedRoute<P>[], options: IndexOptions = {}) {
    this.#virtualHosts = options.virtualHosts ?? false;
    for (const route of routes) {
      const candidates = candidatesOf(route);
      for (const hostname of route.hostnames.length > 0 ? new Set(route.hostnames) : [undefined]) {
        const table = this.#hosts.get(hostname) ?? { exact: new Map(), prefix: new Map(), expressions: [] };
        this.#hosts.set(hostname, table);
        for (const candidate of candidates) addTo(table, candidate);
      }
    }
    for (const table of this.#hosts.values()) sortTable(table);
  }

  /** The rule that serves a request, or undefined: 404. */
  match(request: RequestView): Matched<P> | undefined {
    let hostnames = 0;
    const candidate = this.#hosts.findBy(request.host, (table) => {
      hostnames += 1;
      return this.#virtualHosts && hostnames > 1 ? undefined : matchPath(table, request);
    });
    if (candidate === undefined || hostnames === 1) return candidate;
    return { ...candidate, lessSpecificHost: true };
  }

  /** Whether any route has this host, whatever the path: tells "unknown host" from "unknown path" in a trace. */
  knowsHost(host: string): boolean {
    return this.#hosts.find(host) !== undefined;
  }
}

function candidatesOf<P>(route: AttachedRoute<P>): Candidate<P>[] {
  const created = route.created ?? Number.POSITIVE_INFINITY;
  return route.rules.flatMap((rule, ruleIndex) =>
    rule.matches.map((match) => ({
      route: route.ref,
      ruleIndex,
      match,
      payload: rule.payload,
      description: describeMatch(match),
      lessSpecificHost: false,
      conditions: conditionsOf(match),
      created,
    })),
  );
}

function addTo<P>(table: PathTable<P>, candidate: Candidate<P>): void {
  const { type, value } = candidate.match.path;
  if (type === "RegularExpression") {
    table.expressions.push({ matches: fullMatch(value), candidate });
    return;
  }
  const map = type === "Exact" ? table.exact : table.prefix;
  const key = type === "Exact" ? value : withoutTrailingSlash(value);
  const list = map.get(key);
  if (list === undefined) map.set(key, [candidate]);
  else list.push(candidate);
}

function sortTable<P>(table: PathTable<P>): void {
  for (const list of table.exact.values()) if (list.length > 1) list.sort(compareCandidates);
  for (const list of table.prefix.values()) if (list.length > 1) list.sort(compareCandidates);
  table.expressions.sort(
    (a, b) =>
      b.candidate.match.path.value.length - a.candidate.match.path.value.length ||
      compareCandidates(a.candidate, b.candidate),
  );
}

/** Order among candidates of equal hostname and path. Sorting is stable, so rules keep their order within a route. */
function compareCandidates<P>(a: Candidate<P>, b: Candidate<P>): number {
  return (
    Number(b.match.method !== undefined) - Number(a.match.method !== undefined) ||
    b.match.headers.length - a.match.headers.length ||
    b.match.queryParams.length - a.match.queryParams.length ||
    compareAge(a.created, b.created) ||
    compareNames(a.route, b.route) ||
    a.ruleIndex - b.ruleIndex
  );
}

function compareAge(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function compareNames(a: RouteRef, b: RouteRef): number {
  const left = `${a.namespace}/${a.name}`;
  const right = `${b.namespace}/${b.name}`;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function matchPath<P>(table: PathTable<P>, request: RequestView): Candidate<P> | undefined {
  const { path } = request;
  const exact = table.exact.get(path);
  if (exact !== undefined) {
    const found = firstThatHolds(exact, request);
    if (found !== undefined) return found;
  }
  // "/a/b/c" and "/a/b/c/" have the prefixes /a/b/c, /a/b, /a and "".
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    const list = table.prefix.get(path.slice(0, end));
    const found = list && firstThatHolds(list, request);
    if (found !== undefined) return found;
  }
  for (const { matches, candidate } of table.expressions) {
    if (matches(path) && holds(candidate, request)) return candidate;
  }
  const root = table.prefix.get("");
  return root && firstThatHolds(root, request);
}

function firstThatHolds<P>(list: readonly Candidate<P>[], request: RequestView): Candidate<P> | undefined {
  for (const candidate of list) if (holds(candidate, request)) return candidate;
  return undefined;
}

function holds<P>(candidate: Candidate<P>, request: RequestView): boolean {
  return candidate.conditions === undefined || candidate.conditions(request);
}

/** The prefix "/abc/" means "/abc" ("When specified, a trailing `/` is ignored"), and "/" means "". */
export function withoutTrailingSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}

/** The default match: the prefix "/" of every path. */
export const EVERY_PATH: RouteMatch = {
  path: { type: "PathPrefix", value: "/" },
  headers: [],
  queryParams: [],
};
