import { fields, fieldsAt, fieldsList, text } from "../../manifests/fields.ts";
import { ANY_HOST } from "../../topology/hostnames.ts";
import type { Attachment, HttpMatch, HttpNameMatch, Listener, Route, RouteRule } from "../../topology/model.ts";
import { HostIndex } from "../matching/hostname.ts";
import type { AttachedRoute, PathMatch, RouteMatch, Rule, ValueMatch } from "../matching/model.ts";
import { EVERY_PATH } from "../matching/route-index.ts";
import { type RuleAction, readFilters, readTimeout } from "../matching/rule-action.ts";
import type { BackendTargets } from "./backend-target.ts";
import type { TlsRoutes, TlsTarget } from "./model.ts";

/** The HTTPRoutes and GRPCRoutes of a listener. Rules are read once for each route, whatever the number of listeners. */
export class HttpRoutes {
  readonly #targets: BackendTargets;
  readonly #rules = new Map<Route, readonly Rule<RuleAction>[]>();

  constructor(targets: BackendTargets) {
    this.#targets = targets;
  }

  of(listener: Listener): AttachedRoute<RuleAction>[] {
    return attachmentsOf(listener, ["HTTPRoute", "GRPCRoute"]).map(({ route, hostnames }) => ({
      ref: { kind: route.kind, namespace: route.namespace, name: route.name },
      hostnames: hostnames.includes(ANY_HOST) ? [] : hostnames,
      created: createdAt(route),
      rules: this.#rulesOf(route),
    }));
  }

  #rulesOf(route: Route): readonly Rule<RuleAction>[] {
    let rules = this.#rules.get(route);
    if (rules === undefined) {
      rules = route.rules.map((rule) => this.#rule(route, rule));
      // `spec.rules` has a default: one rule that matches everything, without backendRefs.
      const none: RuleAction = { filters: readFilters([]), backends: [], timeout: undefined };
      if (fields(route.sourced.object.spec).rules === undefined) rules = [{ matches: [EVERY_PATH], payload: none }];
      this.#rules.set(route, rules);
    }
    return rules;
  }

  #rule(route: Route, rule: RouteRule): Rule<RuleAction> {
    return {
      matches: route.kind === "GRPCRoute" ? grpcMatches(rule) : rule.matches.flatMap(httpMatch),
      payload: {
        filters: readFilters(rule.filters),
        timeout: readTimeout(fields(rule.raw.timeouts)),
        backends: rule.backends.map((ref) => ({
          weight: ref.weight,
          target: this.#targets.target(ref, ref.resolution),
          filters: readFilters(ref.filters),
        })),
      },
    };
  }
}

/** The TLSRoutes of a listener by SNI; when two have the same hostname the older wins, then the first by name. */
export function tlsRoutesOf(listener: Listener, targets: BackendTargets): TlsRoutes {
  const index = new HostIndex<TlsTarget>();
  const attachments = attachmentsOf(listener, ["TLSRoute"]);
  attachments.sort((a, b) => compareRoutes(a.route, b.route));
  for (const { route, hostnames } of attachments) {
    const [rule] = route.rules;
    if (rule === undefined) continue;
    for (const hostname of hostnames) {
      if (index.get(hostname) !== undefined) continue;
      index.set(hostname, {
        backends: rule.backends.map((ref) => ({ weight: ref.weight, target: targets.target(ref, ref.resolution) })),
        rule: {
          route: { kind: route.kind, namespace: route.namespace, name: route.name },
          ruleIndex: 0,
          match: `SNI ${hostname}`,
        },
      });
    }
  }
  return index;
}

/** One entry for each accepted route; hostnames of several parentRefs to the same listener are put together. */
function attachmentsOf(listener: Listener, kinds: readonly string[]): { route: Route; hostnames: string[] }[] {
  const byRoute = new Map<Route, Set<string>>();
  for (const attachment of listener.attachments) {
    const { route, accepted, hostnames }: Attachment = attachment;
    if (!accepted || !kinds.includes(route.kind)) continue;
    const all = byRoute.get(route) ?? new Set();
    for (const hostname of hostnames) all.add(hostname);
    byRoute.set(route, all);
  }
  return [...byRoute].map(([route, hostnames]) => ({ route, hostnames: [...hostnames] }));
}

function compareRoutes(a: Route, b: Route): number {
  const [left, right] = [`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`];
  const age = (createdAt(a) ?? Number.POSITIVE_INFINITY) - (createdAt(b) ?? Number.POSITIVE_INFINITY);
  if (Number.isFinite(age) && age !== 0) return age;
  return left < right ? -1 : left > right ? 1 : 0;
}

function createdAt(route: Route): number | undefined {
  const time = Date.parse(route.created);
  return Number.isNaN(time) ? undefined : time;
}

/** A match with a path type of none of the three kinds is dropped, as an invalid rule is. */
function httpMatch(match: HttpMatch): RouteMatch[] {
  const { type, value } = match.path;
  if (type !== "Exact" && type !== "PathPrefix" && type !== "RegularExpression") return [];
  const path: PathMatch = { type, value };
  const { method } = match;
  return [{ path, method, headers: match.headers.map(valueMatch), queryParams: match.queryParams.map(valueMatch) }];
}

function valueMatch({ type, name, value }: HttpNameMatch): ValueMatch {
  return { type: type === "RegularExpression" ? type : "Exact", name, value };
}

/**
 * gRPC calls are POSTs to /service/method. @see GRPCMethodMatch and GRPCRouteMatch in apis/v1/grpcroute_types.go
 */
function grpcMatches(rule: RouteRule): RouteMatch[] {
  const written = fieldsList(rule.raw.matches);
  return (written.length > 0 ? written : [{}]).map((match) => ({
    path: grpcPath(fieldsAt(match, "method")),
    method: undefined,
    headers: fieldsList(match.headers).map((header) =>
      valueMatch({
        type: text(header.type) ?? "Exact",
        name: text(header.name) ?? "",
        value: text(header.value) ?? "",
      }),
    ),
    queryParams: [],
  }));
}

function grpcPath(method: Record<string, unknown>): PathMatch {
  const service = text(method.service);
  const name = text(method.method);
  if (method.type === "RegularExpression") {
    return { type: "RegularExpression", value: `/(?:${service ?? "[^/]+"})/(?:${name ?? "[^/]+"})` };
  }
  if (service !== undefined && name !== undefined) return { type: "Exact", value: `/${service}/${name}` };
  if (service !== undefined) return { type: "PathPrefix", value: `/${service}` };
  if (name !== undefined) return { type: "RegularExpression", value: `/[^/]+/${escapeExpression(name)}` };
  return EVERY_PATH.path;
}

function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
