import type { Expectation, ProbeRequest } from "../../../lab/probe/model.ts";
import { block } from "./block.ts";

// Ingress as ingress-nginx serves it: docs/user-guide/{ingress-path-matching,tls}.md and docs/examples/rewrite of
// kubernetes/ingress-nginx; the table of examples in https://kubernetes.io/docs/concepts/services-networking/ingress/#examples

function ingress(name: string, spec: string, annotations = "", namespace = "infra"): string {
  return `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: ${namespace}, annotations: {${annotations}} }
spec: { ingressClassName: nginx, ${spec} }
`;
}

function path(value: string, type: string, name = "one"): string {
  return `{ path: "${value}", pathType: ${type}, backend: { service: { name: ${name}, port: { number: 8080 } } } }`;
}

function rule(host: string, ...paths: string[]): string {
  return `{ ${host === "" ? "" : `host: "${host}",`} http: { paths: [${paths.join(", ")}] } }`;
}

const rules = (...all: string[]) => `rules: [${all.join(", ")}]`;
const NGINX = "nginx.ingress.kubernetes.io";
/** A canary of the host <name>.com, whose requests go to `two`. */
function canary(name: string, annotations: string): string {
  const all = `${NGINX}/canary: "true", ${NGINX}/${annotations}`;
  return ingress(`canary-${name}`, rules(rule(`${name}.com`, path("/", "Prefix", "two"))), all);
}

const backend = (name: string, seen?: string): Expectation => {
  return { status: 200, backend: `infra/${name}`, ...(seen === undefined ? {} : { path: seen }) };
};
const defaultBackend: Expectation = { status: 404, backend: null };

block(
  "Ingress paths",
  ingress(
    "i",
    rules(
      rule("prefix.com", path("/foo", "Prefix"), path("/aaa/bbb", "Prefix", "two"), path("/aaa", "Prefix", "three")),
      rule("exact.com", path("/foo", "Exact"), path("/foo", "Prefix", "two"), path("/bar/", "Exact", "three")),
      rule("specific.com", path("/foo", "ImplementationSpecific")),
    ),
  ),
  [
    ["http://prefix.com/foo", backend("one")],
    ["http://prefix.com/foo/", backend("one")],
    ["http://prefix.com/foo/x", backend("one")],
    ["http://prefix.com/foobar", defaultBackend],
    ["http://prefix.com/Foo", defaultBackend],
    ["http://prefix.com/aaa/bbb/c", backend("two")],
    ["http://prefix.com/aaa/ccc", backend("three")],
    ["http://prefix.com/", defaultBackend],
    ["http://exact.com/foo", backend("one")],
    ["http://exact.com/foo/", backend("two")],
    ["http://exact.com/bar", defaultBackend],
    ["http://exact.com/bar/", backend("three")],
    ["http://specific.com/foobar", backend("one")],
  ],
);

block(
  "Ingress hosts",
  ingress("named", rules(rule("a.com", path("/x", "Prefix")), rule("*.w.com", path("/", "Prefix", "two")))) +
    ingress("any", rules(rule("", path("/y", "Prefix", "three")))),
  [
    ["http://a.com/x", backend("one")],
    ["http://A.com/x", backend("one"), { headers: { host: "A.COM:80" } }],
    ["http://a.com/y", defaultBackend],
    ["http://other.com/y", backend("three")],
    ["http://other.com/x", defaultBackend],
    ["http://b.w.com/", backend("two")],
    ["http://c.b.w.com/", defaultBackend],
    ["http://w.com/", defaultBackend],
  ],
);

block(
  "Ingress default backends and missing Services",
  ingress(
    "i",
    `defaultBackend: { service: { name: two, port: { number: 8080 } } }, ${rules(rule("a.com", path("/x", "Prefix"), path("/gone", "Prefix", "nobody")))}`,
  ) + ingress("catch-all", "defaultBackend: { service: { name: three, port: { number: 8080 } } }"),
  [
    ["http://a.com/x", backend("one")],
    ["http://a.com/other", backend("two")],
    ["http://a.com/gone", { status: 503, backend: null }],
    ["http://nobody.com/", backend("three")],
  ],
);

block(
  "Ingress of a host without paths",
  ingress("i", `defaultBackend: { service: { name: two, port: { number: 8080 } } }, rules: [{ host: bare.com }]`),
  [
    ["http://bare.com/x", backend("two")],
    ["http://other.com/x", defaultBackend],
  ],
);

block(
  "Ingress classes",
  `---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: other }
spec: { controller: example.com/other }
` +
    ingress("mine", rules(rule("mine.com", path("/", "Prefix")))) +
    ingress("theirs", rules(rule("theirs.com", path("/", "Prefix")))).replace("nginx", "other"),
  [
    ["http://mine.com/", backend("one")],
    ["http://theirs.com/", defaultBackend],
  ],
);

// docs/user-guide/nginx-configuration/annotations.md#canary
block(
  "Ingress canaries",
  ["header", "value", "pattern", "cookie", "weight"]
    .map((name) => ingress(`main-${name}`, rules(rule(`${name}.com`, path("/", "Prefix")))))
    .join("") +
    canary("header", `canary-by-header: X-Canary`) +
    canary("value", `canary-by-header: X-Canary, ${NGINX}/canary-by-header-value: tester`) +
    canary("pattern", `canary-by-header: X-Canary, ${NGINX}/canary-by-header-pattern: "^te"`) +
    canary("cookie", `canary-by-cookie: canary, ${NGINX}/canary-by-header: X-Canary`) +
    canary("weight", `canary-weight: "100", ${NGINX}/canary-by-header: X-Canary`) +
    canary("nobody", `canary-weight: "100"`),
  [
    ["http://header.com/", backend("one")],
    ["http://header.com/", backend("two"), { headers: { "x-canary": "always" } }],
    ["http://header.com/", backend("one"), { headers: { "x-canary": "never" } }],
    ["http://header.com/", backend("one"), { headers: { "x-canary": "tester" } }],
    ["http://value.com/", backend("two"), { headers: { "X-Canary": "tester" } }],
    ["http://value.com/", backend("one"), { headers: { "X-Canary": "always" } }],
    ["http://pattern.com/", backend("two"), { headers: { "X-Canary": "tester" } }],
    ["http://pattern.com/", backend("one"), { headers: { "X-Canary": "a tester" } }],
    ["http://cookie.com/", backend("two"), { headers: { cookie: "a=b; canary=always" } }],
    ["http://cookie.com/", backend("one"), { headers: { cookie: "canary=always", "x-canary": "never" } }],
    ["http://cookie.com/", backend("one"), { headers: { cookie: "canary=tester" } }],
    ["http://weight.com/", backend("two")],
    ["http://weight.com/", backend("one"), { headers: { "x-canary": "never" } }],
    ["http://nobody.com/", defaultBackend],
  ],
);

block(
  "Ingress permanent-redirect, temporal-redirect, upstream-vhost and server-alias",
  ingress("p", rules(rule("p.com", path("/", "Prefix"))), `${NGINX}/permanent-redirect: "https://new.com"`) +
    ingress(
      "code",
      `tls: [{ hosts: [code.com], secretName: code }], ${rules(rule("code.com", path("/", "Prefix")))}`,
      `${NGINX}/permanent-redirect: "https://new.com", ${NGINX}/permanent-redirect-code: "308"`,
    ) +
    ingress("t", rules(rule("t.com", path("/", "Prefix"))), `${NGINX}/temporal-redirect: "https://new.com"`) +
    ingress("v", rules(rule("v.com", path("/", "Prefix"))), `${NGINX}/upstream-vhost: inner.com`) +
    ingress("a", rules(rule("a.com", path("/", "Prefix"))), `${NGINX}/server-alias: "b.com, v.com"`),
  [
    ["http://p.com/x", { status: 301, redirectTo: "https://new.com", backend: null }],
    ["http://code.com/x", { status: 308, redirectTo: "https://new.com" }],
    ["http://t.com/x", { status: 302, redirectTo: "https://new.com" }],
    ["http://v.com/x", { status: 200, contains: "host: inner.com" }],
    ["http://b.com/x", backend("one")],
  ],
);

block(
  "Ingress TLS of names that a wildcard covers, and what is said over TLS",
  ingress(
    "w",
    `tls: [{ hosts: ["*.w.com"], secretName: w }], ${rules(rule("*.w.com", path("/", "Prefix")), rule("z.w.com", path("/", "Prefix", "two")))}`,
  ) +
    ingress("bare", `tls: [{ secretName: bare }], ${rules(rule("bare.com", path("/", "Prefix")))}`) +
    ingress(
      "acme",
      `tls: [{ hosts: [acme.com], secretName: acme }], ${rules(rule("acme.com", path("/", "Prefix"), path("/.well-known/acme-challenge/token", "Exact", "three")))}`,
    ),
  [
    ["http://z.w.com/", { status: 308 }],
    ["https://z.w.com/", backend("two")],
    ["http://q.w.com/", { status: 308 }],
    ["https://q.w.com/", backend("one")],
    ["http://bare.com/", { status: 308 }],
    ["https://bare.com/", backend("one")],
    ["http://acme.com/.well-known/acme-challenge/token", backend("three")],
    ["http://acme.com/", { status: 308, headers: { "strict-transport-security": null } }],
    ["https://acme.com/", { headers: { "strict-transport-security": "max-age=31536000; includeSubDomains" } }],
    ["https://acme.com/", { contains: "x-forwarded-port: 443\nx-forwarded-scheme: https" }],
    ["https://acme.com/", { contains: "x-forwarded-host: acme.com" }, { headers: { "x-forwarded-host": "evil.com" } }],
  ],
);

block(
  "Ingress TLS",
  ingress("tls", `tls: [{ hosts: [tls.com], secretName: tls-com }], ${rules(rule("tls.com", path("/x", "Prefix")))}`) +
    ingress(
      "both",
      `tls: [{ hosts: [both.com], secretName: both }], ${rules(rule("both.com", path("/", "Prefix")))}`,
      `${NGINX}/ssl-redirect: "false"`,
    ) +
    ingress("forced", rules(rule("forced.com", path("/", "Prefix"))), `${NGINX}/force-ssl-redirect: "true"`) +
    ingress("clear", rules(rule("clear.com", path("/", "Prefix")))) +
    ingress("passed", rules(rule("passed.com", path("/", "Prefix", "two"))), `${NGINX}/ssl-passthrough: "true"`),
  [
    ["http://tls.com/x?a=1", { status: 308, redirectTo: "https://tls.com/x?a=1" }],
    ["http://tls.com/x/", { status: 308, redirectTo: "https://tls.com/x" }],
    ["http://tls.com/other", { status: 308 }],
    ["https://tls.com/x", backend("one")],
    ["https://tls.com/x", backend("one"), { http: "2" }],
    ["https://tls.com/other", defaultBackend],
    ["http://both.com/", backend("one")],
    ["https://both.com/", backend("one")],
    ["http://forced.com/", { status: 308, redirectTo: "https://forced.com" }],
    ["http://clear.com/", backend("one")],
    ["https://clear.com/", { refused: true }],
    ["https://passed.com/deep", backend("two", "/deep")],
  ],
);

block(
  "Ingress rewrite-target, use-regex and app-root",
  ingress(
    "rewrite",
    rules(rule("r.com", path("/something(/|$)(.*)", "ImplementationSpecific"))),
    `${NGINX}/use-regex: "true", ${NGINX}/rewrite-target: /$2`,
  ) +
    ingress("simple", rules(rule("s.com", path("/app", "Prefix"))), `${NGINX}/rewrite-target: /`) +
    ingress("root", rules(rule("root.com", path("/", "Prefix"))), `${NGINX}/app-root: /app1`) +
    ingress(
      "order",
      rules(
        rule("o.com", path("/foo/bar/bar", "Prefix"), path("/foo/bar/[A-Z0-9]{3}", "ImplementationSpecific", "two")),
      ),
      `${NGINX}/use-regex: "true"`,
    ),
  [
    ["http://r.com/something", backend("one", "/")],
    ["http://r.com/something/", backend("one", "/")],
    ["http://r.com/something/new?x=1", backend("one", "/new?x=1")],
    ["http://r.com/SOMETHING/new", backend("one", "/new")],
    ["http://r.com/else", defaultBackend],
    ["http://s.com/app/deep", backend("one", "/")],
    ["http://root.com/", { status: 302, redirectTo: "http://root.com/app1" }],
    ["http://root.com/app1", backend("one", "/app1")],
    ["http://o.com/foo/bar/bar", backend("two")],
  ],
);

// docs/user-guide/nginx-configuration/annotations.md#enable-cors, test/e2e/annotations/cors.go
const CORS_NAMES = ["allow-origin", "allow-credentials", "allow-methods", "allow-headers", "expose-headers", "max-age"];
const NO_CORS = Object.fromEntries(CORS_NAMES.map((name) => [`access-control-${name}`, null]));
const cors = (name: string, annotations = "", spec = "") =>
  ingress(
    name,
    `${spec}${rules(rule(`${name}.com`, path("/", "Prefix")))}`,
    `${NGINX}/enable-cors: "true"${annotations}`,
  );
const option = (name: string, value: string) => `, ${NGINX}/${name}: "${value}"`;
const from = (origin: string, method = "GET"): Partial<ProbeRequest> => ({ method, headers: { origin } });

block(
  "Ingress enable-cors",
  cors("usual") +
    cors(
      "all",
      option("cors-allow-origin", "https://a.com, https://*.b.com:8443,null") +
        option("cors-allow-methods", "PUT, GET") +
        option("cors-allow-headers", "X-One") +
        option("cors-allow-credentials", "false") +
        option("cors-expose-headers", "X-Two") +
        option("cors-max-age", "600"),
    ) +
    cors("bad", option("cors-allow-origin", "not an origin;") + option("cors-allow-methods", "<GET>")) +
    cors("secure", "", "tls: [{ hosts: [secure.com], secretName: secure }], ") +
    cors("moved", option("permanent-redirect", "https://new.com")) +
    cors("root", option("app-root", "/app")) +
    ingress("off", rules(rule("off.com", path("/", "Prefix"))), `${NGINX}/enable-cors: "false"`) +
    ingress("gone", rules(rule("gone.com", path("/", "Prefix", "nobody"))), `${NGINX}/enable-cors: "true"`),
  [
    [
      "http://usual.com/",
      {
        ...backend("one"),
        headers: {
          "access-control-allow-origin": "*",
          "access-control-allow-credentials": "true",
          "access-control-allow-methods": "GET, PUT, POST, DELETE, PATCH, OPTIONS",
          "access-control-allow-headers":
            "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization",
          "access-control-expose-headers": null,
          "access-control-max-age": "1728000",
        },
      },
    ],
    ["http://usual.com/", { status: 204, backend: null }, { method: "OPTIONS" }],
    ["http://usual.com/", { headers: { "access-control-allow-origin": "*" } }, from("https://a.com")],
    [
      "http://all.com/",
      {
        ...backend("one"),
        headers: {
          "access-control-allow-origin": "https://a.com",
          "access-control-allow-credentials": null,
          "access-control-allow-methods": "PUT, GET",
          "access-control-allow-headers": "X-One",
          "access-control-expose-headers": "X-Two",
          "access-control-max-age": "600",
        },
      },
      from("https://a.com"),
    ],
    [
      "http://all.com/",
      {
        status: 204,
        backend: null,
        headers: { "access-control-allow-origin": "https://x.b.com:8443", "content-type": "text/plain charset=UTF-8" },
      },
      from("https://x.b.com:8443", "OPTIONS"),
    ],
    ["http://all.com/", { headers: { "access-control-allow-origin": "null" } }, from("null")],
    ["http://all.com/", { headers: { "access-control-allow-origin": "https://A.com" } }, from("https://A.com")],
    ["http://all.com/", { ...backend("one"), headers: NO_CORS }],
    ["http://all.com/", { ...backend("one"), headers: NO_CORS }, from("https://x.y.b.com:8443")],
    ["http://all.com/", { ...backend("one"), headers: NO_CORS }, from("https://a.com.evil.com")],
    ["http://all.com/", { ...backend("one"), headers: NO_CORS }, from("https://evil.com", "OPTIONS")],
    [
      "http://bad.com/",
      {
        headers: {
          "access-control-allow-origin": "*",
          "access-control-allow-methods": "GET, PUT, POST, DELETE, PATCH, OPTIONS",
        },
      },
      from("https://a.com"),
    ],
    ["http://secure.com/", { status: 204 }, from("https://a.com", "OPTIONS")],
    ["http://secure.com/", { status: 308, headers: { "access-control-allow-origin": "*" } }, from("https://a.com")],
    ["http://moved.com/", { status: 204 }, from("https://a.com", "OPTIONS")],
    ["http://moved.com/", { status: 301, headers: { "access-control-allow-origin": "*" } }, from("https://a.com")],
    ["http://root.com/", { status: 302, headers: NO_CORS }, from("https://a.com", "OPTIONS")],
    ["http://off.com/", { ...backend("one"), headers: NO_CORS }, from("https://a.com", "OPTIONS")],
    ["http://gone.com/", { status: 503, headers: { "access-control-allow-origin": "*" } }],
  ],
);

// docs/user-guide/nginx-configuration/annotations.md#redirect-fromto-www, test/e2e/annotations/fromtowwwredirect.go
const www = (name: string, host: string, spec = "") =>
  ingress(name, `${spec}${rules(rule(host, path("/", "Prefix")))}`, `${NGINX}/from-to-www-redirect: "true"`);

block(
  "Ingress from-to-www-redirect",
  www("bare", "bare.com") +
    www("prefixed", "www.prefixed.com") +
    www("taken", "taken.com") +
    ingress("other", rules(rule("www.taken.com", path("/", "Prefix", "two")))) +
    www("wild", "*.wild.com") +
    www("tls", "tls.com", "tls: [{ hosts: [tls.com, www.tls.com], secretName: tls }], ") +
    www("one", "one.com", "tls: [{ hosts: [one.com], secretName: one }], ") +
    www("both", "both.com", "tls: [{ hosts: [both.com], secretName: both }], ") +
    `---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: both, namespace: infra }
spec: { secretName: both, dnsNames: [both.com, www.both.com], issuerRef: { name: i } }
`,
  [
    ["http://www.bare.com/foo", { status: 308, redirectTo: "http://bare.com:80/foo", backend: null }],
    ["http://www.bare.com/foo/?a=1", { status: 308, redirectTo: "http://bare.com:80/foo/?a=1" }],
    ["http://www.bare.com/", { status: 308, redirectTo: "http://bare.com:80" }],
    ["http://bare.com/foo", backend("one")],
    ["http://prefixed.com/foo", { status: 308, redirectTo: "http://www.prefixed.com:80/foo" }],
    ["http://www.prefixed.com/foo", backend("one")],
    ["http://www.www.prefixed.com/foo", defaultBackend],
    ["http://www.taken.com/", backend("two")],
    ["http://taken.com/", backend("one")],
    ["http://www.wild.com/", backend("one")],
    [
      "https://www.tls.com/",
      { status: 308, redirectTo: "https://tls.com:443", headers: { "strict-transport-security": null } },
    ],
    ["https://www.both.com/x", { status: 308, redirectTo: "https://both.com:443/x" }],
    ["https://both.com/x", backend("one")],
    ["http://www.one.com/x", { status: 308, redirectTo: "http://one.com:80/x" }],
    ["https://www.one.com/x", { refused: true }],
  ],
);

const guarded = (name: string, annotations: string) =>
  ingress(name, rules(rule(`${name}.com`, path("/", "Prefix"))), annotations);
const notSkipped = (annotation: string): Expectation => {
  return { status: 500, backend: null, body: `the annotation ${annotation} is not played, and must not be skipped` };
};

block(
  "Ingress authentication, which is not played and never skipped",
  guarded("basic", `${NGINX}/auth-type: basic, ${NGINX}/auth-secret: users`) +
    guarded("external", `${NGINX}/auth-url: "https://auth.com/check", ${NGINX}/enable-cors: "true"`) +
    guarded("client", `${NGINX}/auth-tls-secret: infra/ca`) +
    guarded("unchecked", `${NGINX}/auth-tls-secret: infra/ca, ${NGINX}/auth-tls-verify-client: "off"`) +
    guarded("moved", `${NGINX}/auth-type: basic, ${NGINX}/force-ssl-redirect: "true"`) +
    guarded("realm", `${NGINX}/auth-realm: nobody asks`),
  [
    ["http://basic.com/", notSkipped("auth-type")],
    ["http://basic.com/", notSkipped("auth-type"), { headers: { authorization: "Basic YTpi" } }],
    ["http://external.com/", notSkipped("auth-url")],
    ["http://external.com/", { status: 204 }, from("https://a.com", "OPTIONS")],
    ["http://client.com/", notSkipped("auth-tls-secret")],
    ["http://unchecked.com/", backend("one")],
    ["http://moved.com/", { status: 308 }],
    ["http://realm.com/", backend("one")],
  ],
);
