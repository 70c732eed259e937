import assert from "node:assert/strict";
import type { Expectation } from "../../../lab/probe/model.ts";
import { run, service } from "../run.ts";
import { block, type Case, SERVICES } from "./block.ts";

// The situations of the Gateway API's conformance suite for HTTPRoute (conformance/tests/httproute-*.go of
// sigs.k8s.io/gateway-api), with manifests of our own; each block names the test that it follows.

function gateway(name: string, listeners: string): string {
  return `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: infra }
spec:
  gatewayClassName: istio
  listeners: [${listeners}]
`;
}

function httpRoute(name: string, spec: string, namespace = "infra"): string {
  const indented = spec.trim().replaceAll("\n", "\n  ");
  return `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  ${indented}
`;
}

const HTTP = "{ name: http, port: 80, protocol: HTTP }";

const one: Expectation = { status: 200, backend: "infra/one" };
const two: Expectation = { status: 200, backend: "infra/two" };
const three: Expectation = { status: 200, backend: "infra/three" };
const notFound: Expectation = { status: 404, backend: null, path: null };

block(
  "listener isolation (GatewayHTTPListenerIsolation)",
  gateway(
    "isolated",
    `{ name: any, port: 80, protocol: HTTP },
    { name: wild, port: 80, protocol: HTTP, hostname: "*.example.com" },
    { name: wilder, port: 80, protocol: HTTP, hostname: "*.foo.example.com" },
    { name: precise, port: 80, protocol: HTTP, hostname: abc.foo.example.com }`,
  ) +
    ["any", "wild", "wilder", "precise"]
      .map((section) =>
        httpRoute(
          section,
          `parentRefs: [{ name: isolated, sectionName: ${section} }]
rules: [{ matches: [{ path: { value: /${section} } }], backendRefs: [{ name: one, port: 8080 }] }]`,
        ),
      )
      .join(""),
  [
    ["http://bar.com/any", one],
    ["http://bar.com/wild", notFound],
    ["http://bar.example.com/any", notFound],
    ["http://bar.example.com/wild", one],
    ["http://bar.example.com/wilder", notFound],
    ["http://bar.foo.example.com/wild", notFound],
    ["http://bar.foo.example.com/wilder", one],
    ["http://abc.foo.example.com/wilder", notFound],
    ["http://abc.foo.example.com/precise", one],
  ],
);

block(
  "hostname intersection (HTTPRouteHostnameIntersection)",
  gateway(
    "gw",
    `{ name: precise, port: 80, protocol: HTTP, hostname: very.specific.com },
    { name: wild, port: 80, protocol: HTTP, hostname: "*.wildcard.io" },
    { name: other, port: 80, protocol: HTTP, hostname: "*.anotherwildcard.io" }`,
  ) +
    [
      ["s1", `[non.matching.com, "*.nonmatchingwildcard.io", very.specific.com]`, "one"],
      ["s2", "[non.matching.com, wildcard.io, foo.wildcard.io, bar.wildcard.io, foo.bar.wildcard.io]", "two"],
      ["s3", `[non.matching.com, "*.specific.com"]`, "three"],
      ["s4", `["*.anotherwildcard.io"]`, "one"],
      ["s5", "[specific.but.wrong.com, wildcard.io]", "two"],
    ]
      .map(([path, hostnames, backend]) =>
        httpRoute(
          `route-${path}`,
          `parentRefs: [{ name: gw }]
hostnames: ${hostnames}
rules: [{ matches: [{ path: { value: /${path} } }], backendRefs: [{ name: ${backend}, port: 8080 }] }]`,
        ),
      )
      .join(""),
  [
    ["http://very.specific.com/s1", one],
    ["http://very.specific.com/s1", one, { headers: { host: "very.specific.com:1234" } }],
    ["http://non.matching.com/s1", notFound],
    ["http://foo.nonmatchingwildcard.io/s1", notFound],
    ["http://foo.wildcard.io/s1", notFound],
    ["http://very.specific.com/other", notFound],
    ["http://foo.wildcard.io/s2", two],
    ["http://foo.bar.wildcard.io/s2", two],
    ["http://wildcard.io/s2", notFound],
    ["http://very.specific.com/s2", notFound],
    ["http://very.specific.com/s3", three],
    ["http://foo.specific.com/s3", notFound],
    ["http://bar.anotherwildcard.io/s4", one],
    ["http://foo.bar.anotherwildcard.io/s4", one],
    ["http://anotherwildcard.io/s4", notFound],
    ["http://specific.but.wrong.com/s5", notFound],
    ["http://wildcard.io/s5", notFound],
  ],
);

block(
  "listeners by hostname, one route on several (HTTPRouteListenerHostnameMatching)",
  gateway(
    "gw",
    `{ name: l1, port: 80, protocol: HTTP, hostname: bar.com },
    { name: l2, port: 80, protocol: HTTP, hostname: foo.bar.com },
    { name: l3, port: 80, protocol: HTTP, hostname: "*.bar.com" },
    { name: l4, port: 80, protocol: HTTP, hostname: "*.foo.com" }`,
  ) +
    [
      ["one", "[{ name: gw, sectionName: l1 }]"],
      ["two", "[{ name: gw, sectionName: l2 }]"],
      ["three", "[{ name: gw, sectionName: l3 }, { name: gw, sectionName: l4 }]"],
    ]
      .map(([name, parents]) =>
        httpRoute(`r-${name}`, `parentRefs: ${parents}\nrules: [{ backendRefs: [{ name: ${name}, port: 8080 }] }]`),
      )
      .join(""),
  [
    ["http://bar.com/", one],
    ["http://foo.bar.com/", two],
    ["http://baz.bar.com/", three],
    ["http://multiple.prefixes.bar.com/", three],
    ["http://multiple.prefixes.foo.com/", three],
    ["http://foo.com/", notFound],
    ["http://no.matching.host/", notFound],
  ],
);

block(
  "matching across routes (HTTPRouteMatchingAcrossRoutes)",
  gateway("gw", HTTP) +
    httpRoute(
      "part1",
      `parentRefs: [{ name: gw }]
hostnames: [example.com, example.net]
rules:
- matches: [{ path: { type: PathPrefix, value: / } }, { headers: [{ name: version, value: one }] }]
  backendRefs: [{ name: one, port: 8080 }]`,
    ) +
    httpRoute(
      "part2",
      `parentRefs: [{ name: gw }]
hostnames: [example.com]
rules:
- matches: [{ path: { type: PathPrefix, value: /v2 } }, { headers: [{ name: version, value: two }] }]
  backendRefs: [{ name: two, port: 8080 }]`,
    ),
  [
    ["http://example.com/", one],
    ["http://example.com/example", one],
    ["http://example.net/example", one],
    ["http://example.com/example", one, { headers: { Version: "one" } }],
    ["http://example.com/v2", two],
    ["http://example.net/v2", one],
    ["http://example.com/v2/example", two],
    ["http://example.com/", two, { headers: { Version: "two" } }],
    ["http://example.com/v2/", two],
    ["http://example.com/v2example", one],
    ["http://example.com/foo/v2/example", one],
  ],
);

block(
  "methods and query parameters (HTTPRouteMethodMatching, HTTPRouteQueryParamMatching)",
  gateway("gw", HTTP) +
    httpRoute(
      "r",
      `parentRefs: [{ name: gw }]
rules:
- matches: [{ method: POST }]
  backendRefs: [{ name: one, port: 8080 }]
- matches: [{ queryParams: [{ name: animal, value: whale }] }]
  backendRefs: [{ name: two, port: 8080 }]
- matches: [{ queryParams: [{ name: animal, value: dolphin }, { name: color, value: blue }] }]
  backendRefs: [{ name: three, port: 8080 }]
- matches: [{ path: { value: /path5 } }, { method: PATCH, path: { value: /path5 } }]
  backendRefs: [{ name: one, port: 8080 }]`,
    ),
  [
    ["http://a.com/", one, { method: "POST" }],
    ["http://a.com/", notFound],
    ["http://a.com/?animal=whale", two],
    ["http://a.com/?animal=whale", one, { method: "POST" }],
    ["http://a.com/?animal=dolphin&color=blue", three],
    ["http://a.com/?animal=dolphin", notFound],
    ["http://a.com/?ANIMAL=whale", notFound],
    ["http://a.com/?animal=whaledolphin", notFound],
    ["http://a.com/path5?animal=whale", one],
  ],
);

block(
  "redirects (HTTPRouteRedirect*, and within backendRefs HTTPRouteBackendRequestRedirect)",
  gateway("gw", `${HTTP}, { name: other, port: 8080, protocol: HTTP }`) +
    httpRoute(
      "r",
      `parentRefs: [{ name: gw }]
rules:
- matches: [{ path: { value: /prefix } }]
  filters: [{ type: RequestRedirect, requestRedirect: { path: { type: ReplacePrefixMatch, replacePrefixMatch: /new } } }]
- matches: [{ path: { value: /full } }]
  filters: [{ type: RequestRedirect, requestRedirect: { hostname: example.org, statusCode: 301, path: { type: ReplaceFullPath, replaceFullPath: /all } } }]
- matches: [{ path: { value: /tls } }]
  filters: [{ type: RequestRedirect, requestRedirect: { scheme: https, statusCode: 308 } }]
- matches: [{ path: { value: /port } }]
  filters: [{ type: RequestRedirect, requestRedirect: { port: 8083, statusCode: 307 } }]
- matches: [{ path: { value: /other } }]
  filters: [{ type: RequestRedirect, requestRedirect: { statusCode: 303 } }]
- matches: [{ path: { value: /backend } }]
  backendRefs:
  - { name: one, port: 8080, filters: [{ type: RequestRedirect, requestRedirect: { path: { type: ReplacePrefixMatch, replacePrefixMatch: /there } } }] }`,
    ),
  [
    ["http://a.com/prefix/lemon", { status: 302, redirectTo: "http://a.com/new/lemon", backend: null }],
    ["http://a.com/full/path?x=1", { status: 301, redirectTo: "http://example.org/all?x=1" }],
    ["http://a.com/tls/x", { status: 308, redirectTo: "https://a.com/tls/x" }],
    ["http://a.com:8080/tls/x", { status: 308, redirectTo: "https://a.com/tls/x" }],
    ["http://a.com/port", { status: 307, redirectTo: "http://a.com:8083/port" }],
    ["http://a.com:8080/other", { status: 303, redirectTo: "http://a.com:8080/other" }],
    ["http://a.com/backend/original", { status: 302, redirectTo: "http://a.com/there/original" }],
  ],
);

block(
  "rewrites and header modifiers (HTTPRouteRewritePath, HTTPRouteRewriteHost, HTTPRoute*HeaderModifier)",
  gateway("gw", HTTP) +
    httpRoute(
      "r",
      `parentRefs: [{ name: gw }]
rules:
- matches: [{ path: { value: /prefix/one } }]
  filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: /one } } }]
  backendRefs: [{ name: one, port: 8080 }]
- matches: [{ path: { value: /strip } }]
  filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: / } } }]
  backendRefs: [{ name: one, port: 8080 }]
- matches: [{ path: { value: /full } }]
  filters: [{ type: URLRewrite, urlRewrite: { hostname: test.example.org, path: { type: ReplaceFullPath, replaceFullPath: /all } } }]
  backendRefs: [{ name: two, port: 8080 }]
- matches: [{ path: { value: /headers } }]
  filters:
  - type: RequestHeaderModifier
    requestHeaderModifier: { set: [{ name: X-Set, value: new }], add: [{ name: X-Add, value: more }], remove: [X-Gone] }
  - type: ResponseHeaderModifier
    responseHeaderModifier: { set: [{ name: X-Answer, value: set }], remove: [content-type] }
  backendRefs: [{ name: three, port: 8080 }]
- matches: [{ path: { value: /backend } }]
  backendRefs:
  - name: one
    port: 8080
    filters:
    - { type: RequestHeaderModifier, requestHeaderModifier: { add: [{ name: X-Backend-Level, value: "yes" }] } }
    - { type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: /rewritten } } }`,
    ),
  [
    ["http://a.com/prefix/one/two", { ...one, path: "/one/two" }],
    ["http://a.com/strip", { ...one, path: "/" }],
    ["http://a.com/strip/three?q=1", { ...one, path: "/three?q=1" }],
    ["http://a.com/full/one", { ...two, path: "/all", contains: "host: test.example.org" }],
    [
      "http://a.com/headers",
      {
        ...three,
        contains: "x-set: new\nx-add: had,more",
        headers: { "x-answer": "set", "content-type": null },
      },
      { headers: { "x-set": "old", "x-add": "had", "x-gone": "bye" } },
    ],
    ["http://a.com/backend/x", { ...one, path: "/rewritten/x", contains: "x-backend-level: yes" }],
    ["http://a.com/prefix/one", { ...one, contains: "host: a.com" }],
  ],
);

block(
  "backends that cannot answer (HTTPRouteInvalidNonExistentBackendRef, …UnknownKind, …CrossNamespace, NoBackendRefs)",
  gateway("gw", HTTP) +
    service("far", 8080, "elsewhere") +
    httpRoute(
      "r",
      `parentRefs: [{ name: gw }]
rules:
- { matches: [{ path: { value: /missing } }], backendRefs: [{ name: nobody, port: 8080 }] }
- { matches: [{ path: { value: /kind } }], backendRefs: [{ group: example.com, kind: Thing, name: one, port: 8080 }] }
- { matches: [{ path: { value: /port } }], backendRefs: [{ name: one, port: 9999 }] }
- { matches: [{ path: { value: /far } }], backendRefs: [{ name: far, namespace: elsewhere, port: 8080 }] }
- { matches: [{ path: { value: /zero } }], backendRefs: [{ name: one, port: 8080, weight: 0 }] }
- { matches: [{ path: { value: /omitted } }] }
- { matches: [{ path: { value: /unknown-filter } }], filters: [{ type: ExtensionRef, extensionRef: { group: g, kind: K, name: n } }], backendRefs: [{ name: one, port: 8080 }] }
- { matches: [{ path: { value: /empty } }], backendRefs: [{ name: empty, port: 8080 }] }`,
    ) +
    service("empty") +
    `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: empty, namespace: infra }
spec: { replicas: 0, template: { metadata: { labels: { app: empty } }, spec: { containers: [{ name: c, image: x }] } } }
`,
  ["missing", "kind", "port", "far", "zero", "omitted", "unknown-filter"]
    .map((path): Case => [`http://a.com/${path}`, { status: 500, backend: null }])
    .concat([["http://a.com/empty", { status: 503, body: "no healthy upstream" }]]),
);

block(
  "ReferenceGrants for backends (HTTPRouteReferenceGrant, HTTPRouteInvalidReferenceGrant)",
  gateway("gw", HTTP) +
    service("granted", 8080, "elsewhere") +
    service("denied", 8080, "elsewhere") +
    `---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: g, namespace: elsewhere }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: infra }]
  to: [{ group: "", kind: Service, name: granted }]
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: in-the-wrong-place, namespace: infra }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: infra }]
  to: [{ group: "", kind: Service }]
` +
    httpRoute(
      "r",
      `parentRefs: [{ name: gw }]
rules:
- { matches: [{ path: { value: /granted } }], backendRefs: [{ name: granted, namespace: elsewhere, port: 8080 }] }
- { matches: [{ path: { value: /denied } }], backendRefs: [{ name: denied, namespace: elsewhere, port: 8080 }] }`,
    ),
  [
    ["http://a.com/granted", { status: 200, backend: "elsewhere/granted" }],
    ["http://a.com/denied", { status: 500, backend: null }],
  ],
);

block(
  "attachment: namespaces, sectionName, port, kinds (HTTPRouteInvalidCrossNamespaceParentRef, …ParentRef…, …DisallowedKind)",
  gateway(
    "gw",
    `${HTTP}, { name: second, port: 8080, protocol: HTTP },
    { name: selected, port: 81, protocol: HTTP, allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { expose: "yes" } } } } },
    { name: all, port: 82, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } },
    { name: grpc-only, port: 83, protocol: HTTP, allowedRoutes: { kinds: [{ kind: GRPCRoute }] } }`,
  ) +
    `---
apiVersion: v1
kind: Namespace
metadata: { name: exposed, labels: { expose: "yes" } }
---
apiVersion: v1
kind: Namespace
metadata: { name: hidden }
` +
    service("app", 8080, "exposed") +
    service("app", 8080, "hidden") +
    ["exposed", "hidden"]
      .map((namespace) =>
        httpRoute(
          "r",
          `parentRefs: [{ name: gw, namespace: infra }]
hostnames: [${namespace}.com]
rules: [{ backendRefs: [{ name: app, port: 8080 }] }]`,
          namespace,
        ),
      )
      .join("") +
    httpRoute(
      "by-section",
      `parentRefs: [{ name: gw, sectionName: second }]
hostnames: [section.com]
rules: [{ backendRefs: [{ name: one, port: 8080 }] }]`,
    ) +
    httpRoute(
      "by-port",
      `parentRefs: [{ name: gw, port: 80 }]
hostnames: [port.com]
rules: [{ backendRefs: [{ name: two, port: 8080 }] }]`,
    ),
  [
    ["http://exposed.com/", notFound],
    ["http://exposed.com:81/", { status: 200, backend: "exposed/app" }],
    ["http://hidden.com:81/", notFound],
    ["http://hidden.com:82/", { status: 200, backend: "hidden/app" }],
    ["http://section.com/", notFound],
    ["http://section.com:8080/", one],
    ["http://port.com/", two],
    ["http://port.com:8080/", notFound],
    ["http://port.com:83/", notFound],
  ],
);

describe("weights and shares of 500s (HTTPRouteWeight, HTTPRoutePartiallyInvalidViaInvalidReferenceGrant)", () => {
  it("sends each backend its share, and answers 500 for the share of the invalid", async () => {
    const yaml =
      gateway("gw", HTTP) +
      httpRoute(
        "r",
        `parentRefs: [{ name: gw }]
rules:
- matches: [{ path: { value: /split } }]
  backendRefs: [{ name: one, port: 8080, weight: 70 }, { name: two, port: 8080, weight: 30 }, { name: three, port: 8080, weight: 0 }]
- matches: [{ path: { value: /half } }]
  backendRefs: [{ name: one, port: 8080 }, { name: nobody, port: 8080 }]`,
      ) +
      SERVICES;
    const running = await run(yaml);
    const counts: Record<string, number> = {};
    for (let i = 0; i < 50; i += 1) {
      for (const path of ["/split", "/half"]) {
        const { status, backend } = await running.ask(`http://a.com${path}`);
        const key = `${path} ${status} ${backend}`;
        counts[key] = (counts[key] ?? 0) + 1;
      }
    }
    await running.close();
    const near = (key: string, share: number) => {
      assert.ok(Math.abs((counts[key] ?? 0) - share) <= 3, `${key}: ${counts[key]}, about ${share} expected`);
    };
    near("/split 200 infra/one", 35);
    near("/split 200 infra/two", 15);
    assert.equal(counts["/split 200 infra/three"], undefined);
    near("/half 200 infra/one", 25);
    near("/half 500 null", 25);
  });
});

block(
  "CORS (HTTPRouteCORS)",
  gateway("gw", HTTP) +
    httpRoute(
      "r",
      `parentRefs: [{ name: gw }]
rules:
- filters: [{ type: CORS, cors: { allowOrigins: ["https://www.foo.com", "https://*.bar.com"], allowMethods: [GET, OPTIONS], allowHeaders: [x-header-1], exposeHeaders: [x-header-3], maxAge: 3600, allowCredentials: true } }]
  backendRefs: [{ name: one, port: 8080 }]`,
    ),
  [
    [
      "http://a.com/",
      {
        status: 204,
        headers: {
          "access-control-allow-origin": "https://x.www.bar.com",
          "access-control-allow-methods": "GET, OPTIONS",
          "access-control-allow-headers": "x-header-1",
          "access-control-expose-headers": "x-header-3",
          "access-control-max-age": "3600",
          "access-control-allow-credentials": "true",
        },
      },
      {
        method: "OPTIONS",
        headers: {
          origin: "https://x.www.bar.com",
          "access-control-request-method": "GET",
          "access-control-request-headers": "x-header-1",
        },
      },
    ],
    [
      "http://a.com/",
      { status: 204, headers: { "access-control-allow-origin": null } },
      { method: "OPTIONS", headers: { origin: "https://foobar.com", "access-control-request-method": "GET" } },
    ],
    [
      "http://a.com/",
      { ...one, headers: { "access-control-allow-origin": "https://www.foo.com" } },
      { headers: { origin: "https://www.foo.com" } },
    ],
    [
      "http://a.com/",
      { ...one, headers: { "access-control-allow-origin": null } },
      { headers: { origin: "https://no.com" } },
    ],
  ],
);

block(
  "GRPCRoute by service and method (GRPCExactMethodMatching), an unmatched call UNIMPLEMENTED",
  gateway("gw", HTTP) +
    `---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: { name: g, namespace: infra }
spec:
  parentRefs: [{ name: gw }]
  rules:
  - { matches: [{ method: { service: demo.Greeter, method: Hello } }], backendRefs: [{ name: one, port: 8080 }] }
  - { matches: [{ method: { service: demo.Greeter } }], backendRefs: [{ name: two, port: 8080 }] }
  - { matches: [{ method: { method: Bye } }], backendRefs: [{ name: three, port: 8080 }] }
`,
  [
    ["http://a.com/demo.Greeter/Hello", one, { method: "POST" }],
    ["http://a.com/demo.Greeter/Other", two, { method: "POST" }],
    ["http://a.com/demo.Other/Bye", three, { method: "POST" }],
    [
      "http://a.com/demo.Other/None",
      { status: 200, backend: null, headers: { "grpc-status": "12" } },
      { method: "POST", headers: { "content-type": "application/grpc" } },
    ],
  ],
);
