import fc from "fast-check";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import type { ProbeRequest } from "../../../lab/probe/model.ts";

export const NAMESPACE = "generated";
export const GATEWAY = "edge";
export const SERVICES = ["a", "b", "c"];
/** A Service without pods, and one that does not exist. */
export const NO_PODS = "nopods";
const ABSENT = "absent";

const hostname = fc.constantFrom("a.example.com", "b.example.com", "*.example.com", "*.b.example.com", "example.com");
const path = fc.constantFrom("/", "/a", "/a/", "/a/b", "/a/bc", "/A", "/login", "/api/v1");
const header = fc.record({ name: fc.constantFrom("x-tenant", "x-debug"), value: fc.constantFrom("one", "two") });
const parameter = fc.record({ name: fc.constantFrom("page", "q"), value: fc.constantFrom("1", "x") });

const match = fc
  .record({
    path: fc.record({ type: fc.constantFrom("Exact", "PathPrefix", "PathPrefix"), value: path }),
    method: fc.option(fc.constantFrom("GET", "POST"), { nil: undefined, freq: 3 }),
    headers: fc.uniqueArray(header, { maxLength: 2, selector: ({ name }) => name }),
    queryParams: fc.uniqueArray(parameter, { maxLength: 1, selector: ({ name }) => name }),
  })
  .map(({ method, ...rest }) => ({ ...rest, ...(method === undefined ? {} : { method }) }));

/** One backend that gets everything, beside others with weight 0; now and then all have weight 0. */
const backendRefs = fc
  .record({
    first: fc.constantFrom(...SERVICES, ...SERVICES, NO_PODS, ABSENT),
    idle: fc.option(fc.constantFrom(...SERVICES), { nil: undefined, freq: 3 }),
    weight: fc.constantFrom(1, 1, 1, 1, 1, 0),
  })
  .map(({ first, idle, weight }) => [
    { name: first, port: 80, weight },
    ...(idle === undefined || idle === first ? [] : [{ name: idle, port: 80, weight: 0 }]),
  ]);

const replacement = fc.constantFrom("/", "/x", "/x/", "/a");
const prefixPath = replacement.map((value) => ({ type: "ReplacePrefixMatch", replacePrefixMatch: value }));
const fullPath = replacement.map((value) => ({ type: "ReplaceFullPath", replaceFullPath: value }));

/** A replaced prefix needs a rule with one match, and that a prefix. */
const changed = (onePrefix: boolean) =>
  fc.option(onePrefix ? fc.oneof(prefixPath, fullPath) : fullPath, { nil: undefined });

const redirect = (onePrefix: boolean) =>
  fc
    .record({
      path: changed(onePrefix),
      hostname: fc.option(fc.constantFrom("else.example.org"), { nil: undefined }),
      scheme: fc.option(fc.constantFrom("https"), { nil: undefined }),
      statusCode: fc.constantFrom(301, 302),
    })
    .map((value) => [{ type: "RequestRedirect", requestRedirect: defined(value) }]);

const rewrite = (onePrefix: boolean) =>
  changed(onePrefix).map((value) => (value === undefined ? [] : [{ type: "URLRewrite", urlRewrite: { path: value } }]));

const rule = fc.array(match, { minLength: 1, maxLength: 2 }).chain((matches) => {
  const onePrefix = matches.length === 1 && matches.every((one) => one.path.type === "PathPrefix");
  return fc.oneof(
    { weight: 5, arbitrary: backendRefs.map((refs) => ({ matches, backendRefs: refs })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(rewrite(onePrefix), backendRefs)
        .map(([filters, refs]) => ({ matches, filters, backendRefs: refs })),
    },
    { weight: 2, arbitrary: redirect(onePrefix).map((filters) => ({ matches, filters })) },
  );
});

const route = fc.record({
  hostnames: fc.uniqueArray(hostname, { maxLength: 2 }),
  rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
});

/** Sets of HTTPRoutes of one Gateway. */
export const routeSet: fc.Arbitrary<KubeObject[]> = fc.array(route, { minLength: 1, maxLength: 4 }).map((routes) =>
  routes.map(({ hostnames, rules }, index) => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: `route-${index}`, namespace: NAMESPACE },
    spec: { parentRefs: [{ name: GATEWAY }], ...(hostnames.length > 0 ? { hostnames } : {}), rules },
  })),
);

interface Match {
  readonly path: { readonly value: string };
  readonly method?: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly queryParams: readonly { readonly name: string; readonly value: string }[];
}

/** How a request is made of a match of the routes: as it asks for, or with one thing changed. */
const declared = "as declared";
const mostly = <T>(other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 8, arbitrary: fc.constant<typeof declared>(declared) }, { weight: 1, arbitrary: other });
const aim = fc.record({
  target: fc.nat(),
  host: mostly(fc.constantFrom("a.example.com", "x.b.example.com", "c.example.com", "other.org")),
  suffix: fc.constantFrom("", "", "", "", "/", "/c", "c", "/c/"),
  method: mostly(fc.constantFrom("GET", "DELETE")),
  headers: mostly(fc.uniqueArray(header, { maxLength: 2, selector: ({ name }) => name })),
  query: mostly(fc.constantFrom("", "page=2", "q=x&page=1")),
});

/** Forty requests for a set of routes, most of which match one of them. */
export const routesAndRequests: fc.Arbitrary<[KubeObject[], ProbeRequest[]]> = fc
  .tuple(routeSet, fc.array(aim, { minLength: 40, maxLength: 40, size: "max" }))
  .map(([routes, aims]) => {
    const targets = routes.flatMap(({ spec }) => {
      const { hostnames = ["c.example.com"], rules } = spec as { hostnames?: string[]; rules: { matches: Match[] }[] };
      return rules.flatMap(({ matches }) => matches.flatMap((one) => hostnames.map((name) => ({ name, one }))));
    });
    return [routes, aims.map((one) => requestAt(targets, one))];
  });

function requestAt(
  targets: readonly { name: string; one: Match }[],
  { target, ...wanted }: AimOf<typeof aim>,
): ProbeRequest {
  const at = targets[target % targets.length];
  if (at === undefined) throw new Error("there are no matches to aim at");
  const { path: prefix, method = "GET", headers, queryParams } = at.one;
  const query =
    wanted.query === declared ? queryParams.map(({ name, value }) => `${name}=${value}`).join("&") : wanted.query;
  const path = `${prefix.value}${wanted.suffix}`.replace("//", "/");
  return {
    scheme: "http",
    port: 80,
    host: wanted.host === declared ? at.name.replace("*", "w") : wanted.host,
    path: query === "" ? path : `${path}?${query}`,
    method: wanted.method === declared ? method : wanted.method,
    headers: Object.fromEntries(
      (wanted.headers === declared ? headers : wanted.headers).map(({ name, value }) => [name, value]),
    ),
    gateway: `${NAMESPACE}/${GATEWAY}`,
  };
}

type AimOf<T> = T extends fc.Arbitrary<infer V> ? V : never;

function defined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));
}
