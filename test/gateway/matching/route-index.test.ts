import assert from "node:assert/strict";
import fc from "fast-check";
import { hostOf } from "../../../lab/gateway/matching/hostname.ts";
import type { AttachedRoute, PathMatch, RequestView, RouteMatch } from "../../../lab/gateway/matching/model.ts";
import { RouteIndex } from "../../../lab/gateway/matching/route-index.ts";
import { compareSpecificity, hostMatches } from "../../../lab/topology/hostnames.ts";

// Source of the rules: HTTPRouteSpec.hostnames, HTTPRouteRule.matches, HTTPPathMatch, HTTPHeaderMatch and
// HTTPQueryParamMatch in apis/v1/httproute_types.go of sigs.k8s.io/gateway-api.

const prefix = (value: string): PathMatch => ({ type: "PathPrefix", value });
const exact = (value: string): PathMatch => ({ type: "Exact", value });
const regex = (value: string): PathMatch => ({ type: "RegularExpression", value });

function match(path: PathMatch, rest: Partial<RouteMatch> = {}): RouteMatch {
  return { path, headers: [], queryParams: [], ...rest };
}

function header(name: string, value: string, type: "Exact" | "RegularExpression" = "Exact") {
  return { name, value, type };
}

/** One route; each rule's payload is given with its matches. */
function route(
  name: string,
  rules: readonly (readonly [string, ...RouteMatch[]])[],
  rest: Partial<AttachedRoute<string>> = {},
): AttachedRoute<string> {
  const [namespace = "", short = ""] = name.includes("/") ? name.split("/") : ["ns", name];
  return {
    ref: { kind: "HTTPRoute", namespace, name: short },
    hostnames: [],
    rules: rules.map(([payload, ...matches]) => ({ payload, matches })),
    ...rest,
  };
}

function get(url: string, headers: Record<string, string> = {}, method = "GET"): RequestView {
  const { host, pathname, search } = new URL(url, "http://any.example");
  return { host: hostOf(host), path: pathname, query: search.slice(1), method, headers };
}

function choose(routes: readonly AttachedRoute<string>[], request: RequestView, virtualHosts = false) {
  return new RouteIndex(routes, { virtualHosts }).match(request)?.payload;
}

describe("which rule of HTTPRoutes serves a request", () => {
  describe("path", () => {
    const cases: [PathMatch, string, boolean, string][] = [
      [exact("/abc"), "/abc", true, "PathMatchExact"],
      [exact("/abc"), "/abc/", false, "PathMatchExact: NOT /abc/"],
      [exact("/abc"), "/Abc", false, "PathMatchExact: case sensitive"],
      [exact("/abc"), "/abcd", false, "PathMatchExact"],
      [prefix("/abc"), "/abc", true, "PathMatchPathPrefix"],
      [prefix("/abc"), "/abc/", true, "PathMatchPathPrefix"],
      [prefix("/abc"), "/abc/def", true, "PathMatchPathPrefix"],
      [prefix("/abc"), "/abcd", false, "PathMatchPathPrefix: by path element"],
      [prefix("/abc/"), "/abc", true, "PathMatchPathPrefix: a trailing / is ignored"],
      [prefix("/abc/"), "/abcd", false, "PathMatchPathPrefix: a trailing / is ignored"],
      [prefix("/ABC"), "/abc", false, "PathMatchPathPrefix: case-sensitive"],
      [prefix("/"), "/anything/at/all", true, "the default match"],
      [prefix("/"), "/", true, "the default match"],
      [prefix("/a/b"), "/a", false, "PathMatchPathPrefix"],
      [regex("/v[0-9]+/.*"), "/v12/x", true, "PathMatchRegularExpression"],
      [regex("/v[0-9]+"), "/v12/x", false, "Envoy's safe_regex matches the whole path"],
      [regex("/V1"), "/v1", false, "PathMatchRegularExpression: with case sensitivity"],
      [regex("/(unclosed"), "/(unclosed", false, "an expression that does not compile matches nothing"],
    ];
    for (const [path, asked, matches, source] of cases) {
      it(`${path.type} ${path.value} ${matches ? "serves" : "does not serve"} ${asked} (${source})`, () => {
        assert.equal(choose([route("r", [["it", match(path)]])], get(asked)), matches ? "it" : undefined);
      });
    }

    it("lets no regular expression take more than linear time", () => {
      const evil = [route("r", [["it", match(regex("/(a+)+$"))]])];
      const started = performance.now();
      assert.equal(choose(evil, get(`/${"a".repeat(5000)}!`)), undefined);
      assert.ok(performance.now() - started < 1000);
    });
  });

  describe("headers, query parameters and method", () => {
    const one = (rest: Partial<RouteMatch>) => [route("r", [["it", match(prefix("/"), rest)]])];
    it("compares header names without case and values with it (HTTPHeaderMatch.name)", () => {
      const routes = one({ headers: [header("Version", "two")] });
      assert.equal(choose(routes, get("/", { version: "two" })), "it");
      assert.equal(choose(routes, get("/", { version: "Two" })), undefined);
      assert.equal(choose(routes, get("/")), undefined);
    });
    it("needs all headers of a match, and any one match of a rule (HTTPRouteRule.matches)", () => {
      const both = match(prefix("/"), { headers: [header("a", "1"), header("b", "2")] });
      const routes = [route("r", [["it", both, match(prefix("/v2"))]])];
      assert.equal(choose(routes, get("/", { a: "1", b: "2" })), "it");
      assert.equal(choose(routes, get("/", { a: "1" })), undefined);
      assert.equal(choose(routes, get("/v2/x")), "it");
    });
    it("heeds only the first of entries with an equivalent name (HTTPHeaderMatch.name, HTTPQueryParamMatch.name)", () => {
      assert.equal(choose(one({ headers: [header("a", "1"), header("A", "2")] }), get("/", { a: "1" })), "it");
      assert.equal(choose(one({ queryParams: [header("a", "1"), header("a", "2")] }), get("/?a=1")), "it");
    });
    it("matches regular expressions as a whole", () => {
      const routes = one({ headers: [header("version", "[0-9]+", "RegularExpression")] });
      assert.equal(choose(routes, get("/", { version: "12" })), "it");
      assert.equal(choose(routes, get("/", { version: "v12" })), undefined);
    });
    it("compares query parameters exactly, decoded, names with case, the first value only", () => {
      const routes = one({ queryParams: [header("animal", "blue whale")] });
      assert.equal(choose(routes, get("/?animal=blue%20whale&x=1")), "it");
      assert.equal(choose(routes, get("/?ANIMAL=blue%20whale")), undefined);
      assert.equal(choose(routes, get("/?animal=dog&animal=blue%20whale")), undefined);
    });
    it("matches the method", () => {
      assert.equal(choose(one({ method: "POST" }), get("/", {}, "POST")), "it");
      assert.equal(choose(one({ method: "POST" }), get("/")), undefined);
    });
  });

  describe("precedence between matches", () => {
    const order: [string, RouteMatch, RouteMatch, string, Record<string, string>, string][] = [
      ["Exact before the prefix of the same length", match(exact("/a")), match(prefix("/a")), "/a", {}, "GET"],
      ["the longer prefix", match(prefix("/a/b")), match(prefix("/a")), "/a/b/c", {}, "GET"],
      [
        "a longer prefix before a shorter one with method and headers",
        match(prefix("/a/b")),
        match(prefix("/a"), { method: "GET", headers: [header("x", "1")] }),
        "/a/b",
        { x: "1" },
        "GET",
      ],
      [
        "a method before headers",
        match(prefix("/"), { method: "GET" }),
        match(prefix("/"), { headers: [header("x", "1"), header("y", "1")] }),
        "/",
        { x: "1", y: "1" },
        "GET",
      ],
      [
        "more headers before fewer",
        match(prefix("/"), { headers: [header("x", "1"), header("y", "1")] }),
        match(prefix("/"), { headers: [header("x", "1")], queryParams: [header("q", "1"), header("r", "1")] }),
        "/?q=1&r=1",
        { x: "1", y: "1" },
        "GET",
      ],
      [
        "more query parameters before fewer",
        match(prefix("/"), { queryParams: [header("q", "1"), header("r", "1")] }),
        match(prefix("/"), { queryParams: [header("q", "1")] }),
        "/?q=1&r=1",
        {},
        "GET",
      ],
      ["a regular expression before the prefix /", match(regex("/v.*")), match(prefix("/")), "/v1", {}, "GET"],
      [
        "a prefix with a segment before a regular expression",
        match(prefix("/v1")),
        match(regex("/v.*")),
        "/v1",
        {},
        "GET",
      ],
    ];
    for (const [name, winner, loser, path, headers, method] of order) {
      it(`prefers ${name}, in whichever order they are written`, () => {
        for (const rules of [
          [["winner", winner] as const, ["loser", loser] as const],
          [["loser", loser] as const, ["winner", winner] as const],
        ]) {
          assert.equal(choose([route("r", rules)], get(path, headers, method)), "winner");
          const apart = rules.map((rule, i) => route(`r${i}`, [rule]));
          assert.equal(choose(apart, get(path, headers, method)), "winner");
        }
      });
    }
    it("falls to the next match when conditions of the better one do not hold", () => {
      const rules = [
        ["post", match(exact("/a"), { method: "POST" })] as const,
        ["prefix", match(prefix("/"))] as const,
      ];
      assert.equal(choose([route("r", rules)], get("/a")), "prefix");
    });
    it("breaks ties by age, then by namespace/name, then by the order of rules", () => {
      const tie = (name: string, created?: number) => route(name, [[name, match(prefix("/"))]], { created });
      assert.equal(choose([tie("a/a", 2000), tie("b/b", 1000)], get("/")), "b/b");
      assert.equal(choose([tie("b/a"), tie("a/b")], get("/")), "a/b");
      assert.equal(choose([tie("a/b"), tie("a/a")], get("/")), "a/a");
      const rules = [["first", match(prefix("/"))] as const, ["second", match(prefix("/"))] as const];
      assert.equal(choose([route("r", rules)], get("/")), "first");
    });
  });

  describe("hostnames of routes", () => {
    const named = (name: string, hostnames: string[], path = "/") => {
      return route(name, [[name, match(prefix(path))]], { hostnames });
    };
    const routes = [
      named("any", []),
      named("com", ["*.com"]),
      named("wild", ["*.example.com"]),
      named("precise", ["a.example.com"]),
    ];
    for (const [host, expected] of [
      ["a.example.com", "precise"],
      ["A.Example.COM", "precise"],
      ["a.example.com:8080", "precise"],
      ["b.example.com", "wild"],
      ["x.y.example.com", "wild"],
      ["example.com", "com"],
      ["example.org", "any"],
    ]) {
      it(`gives ${host} to the most specific: ${expected}`, () => {
        assert.equal(choose(routes, { ...get("/"), host: hostOf(host) }), expected);
      });
    }
    it("tries less specific hostnames when no rule of the most specific matches, as the API words it, and says so", () => {
      const two = [named("wild", ["*.example.com"]), named("precise", ["a.example.com"], "/only")];
      const found = new RouteIndex(two).match({ ...get("/other"), host: "a.example.com" });
      assert.equal(found?.payload, "wild");
      assert.equal(found?.lessSpecificHost, true);
    });
    it("does not try them with virtualHosts", () => {
      const two = [named("wild", ["*.example.com"]), named("precise", ["a.example.com"], "/only")];
      assert.equal(choose(two, { ...get("/other"), host: "a.example.com" }, true), undefined);
      assert.equal(choose(two, { ...get("/other"), host: "b.example.com" }, true), "wild");
    });
  });

  it("chooses what a plain sort of all matching candidates would choose, for any routes and request", () => {
    const segment = fc.constantFrom("a", "b", "c");
    const path = fc.array(segment, { maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
    const pathMatch = fc.record({ type: fc.constantFrom("Exact" as const, "PathPrefix" as const), value: path });
    const condition = fc.record({
      type: fc.constant("Exact" as const),
      name: fc.constantFrom("x", "y"),
      value: fc.constantFrom("1", "2"),
    });
    const conditions = fc.uniqueArray(condition, { maxLength: 2, selector: (entry) => entry.name });
    const routeMatch: fc.Arbitrary<RouteMatch> = fc.record({
      path: pathMatch,
      method: fc.option(fc.constantFrom("GET", "POST"), { nil: undefined }),
      headers: conditions,
      queryParams: conditions,
    });
    const hostname = fc.constantFrom("a.b.c", "*.b.c", "*.c", "b.c", "d");
    const routeArbitrary = fc.record({
      hostnames: fc.uniqueArray(hostname, { maxLength: 2 }),
      created: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
      rules: fc.array(fc.array(routeMatch, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
    });
    const request: fc.Arbitrary<RequestView> = fc.record({
      host: fc.constantFrom("a.b.c", "x.b.c", "b.c", "c", "d"),
      path: fc.tuple(path, fc.constantFrom("", "/")).map(([p, end]) => (p === "/" ? p : p + end)),
      query: fc.constantFrom("", "x=1", "x=1&y=2", "y=1"),
      method: fc.constantFrom("GET", "POST"),
      headers: fc.record({ x: fc.constantFrom("1", "2") }),
    });
    fc.assert(
      fc.property(fc.array(routeArbitrary, { maxLength: 6 }), request, (given, asked) => {
        const routes = given.map(({ hostnames, created, rules }, i) => {
          const payloads = rules.map((matches, rule): [string, ...RouteMatch[]] => [`${i}.${rule}`, ...matches]);
          return route(`r${i}`, payloads, { hostnames, created });
        });
        assert.equal(choose(routes, asked), bySorting(routes, asked));
      }),
      { numRuns: 500 },
    );
  });
});

/** The rules of the API, as slow and plain as they read. */
function bySorting(routes: readonly AttachedRoute<string>[], request: RequestView): string | undefined {
  const params = new URLSearchParams(request.query);
  const all = routes.flatMap((attached) =>
    (attached.hostnames.length > 0 ? attached.hostnames : ["*"]).flatMap((hostname) =>
      attached.rules.flatMap((rule, ruleIndex) =>
        rule.matches.map((candidate) => ({ attached, hostname, rule, ruleIndex, candidate })),
      ),
    ),
  );
  const fitting = all.filter(({ hostname, candidate }) => {
    const { path, method, headers, queryParams } = candidate;
    const wanted = path.value.split("/").filter((part) => part !== "");
    const asked = request.path.split("/").filter((part) => part !== "");
    const pathFits = path.type === "Exact" ? path.value === request.path : wanted.every((part, i) => part === asked[i]);
    return (
      hostMatches(hostname, request.host) &&
      pathFits &&
      (method === undefined || method === request.method) &&
      headers.every(({ name, value }) => request.headers[name] === value) &&
      queryParams.every(({ name, value }) => params.get(name) === value)
    );
  });
  fitting.sort(
    (a, b) =>
      compareSpecificity(a.hostname, b.hostname) ||
      Number(b.candidate.path.type === "Exact") - Number(a.candidate.path.type === "Exact") ||
      b.candidate.path.value.length - a.candidate.path.value.length ||
      Number(b.candidate.method !== undefined) - Number(a.candidate.method !== undefined) ||
      b.candidate.headers.length - a.candidate.headers.length ||
      b.candidate.queryParams.length - a.candidate.queryParams.length ||
      Math.sign((a.attached.created ?? 99) - (b.attached.created ?? 99)) ||
      (a.attached.ref.name < b.attached.ref.name ? -1 : a.attached.ref.name > b.attached.ref.name ? 1 : 0) ||
      a.ruleIndex - b.ruleIndex,
  );
  return fitting[0]?.rule.payload;
}
