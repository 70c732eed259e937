import type { ProbeRequest } from "../../../lab/probe/model.ts";

/** One request that is answered in one way by the specification's words and in another by Istio's Envoy. */
export interface Difference {
  readonly title: string;
  /** what the specification says, or leaves open */
  readonly specification: string;
  /** where it says so */
  readonly source: string;
  /** what Istio does instead, and why */
  readonly istio: string;
  readonly istioSource: string;
  readonly request: Omit<ProbeRequest, "gateway">;
  /** The answers, as `essence` writes them; the local gateway's as it runs by itself, and with --virtual-hosts. */
  readonly rehearsal: string;
  readonly virtualHosts: string;
  readonly envoy: string;
}

const GATEWAY_API = "https://github.com/kubernetes-sigs/gateway-api/blob/main/apis/v1";
const ISTIO = "https://github.com/istio/istio/blob/master/pilot/pkg/config/kube/gateway";

const http = (host: string, path: string, port = 80) => ({ scheme: "http" as const, port, host, path });

/** Requests of `OBJECTS`, through its Gateway. */
export const DIFFERENCES: readonly Difference[] = [
  {
    title: "a host whose most specific hostname has no rule for the path",
    specification: "",
    source: `${GATEWAY_API}/httproute_types.go`,
    istio: "",
    istioSource: `${ISTIO}/conversion.go`,
    request: http("a.hosts.example.com", "/other"),
    rehearsal: "",
    virtualHosts: "",
    envoy: "",
  },
  { ...blank("regex longer than prefix /"), request: http("regex.example.com", "/abc") },
  { ...blank("regex vs prefix"), request: http("regex.example.com", "/p/abc") },
  { ...blank("regex vs shorter prefix"), request: http("regex.example.com", "/q/1234") },
  { ...blank("regex partial"), request: http("regex.example.com", "/part/abc") },
  { ...blank("dot segments"), request: http("paths.example.com", "/a/../b") },
  { ...blank("double slash"), request: http("paths.example.com", "//b") },
  { ...blank("double slash inside"), request: http("paths.example.com", "/b//c") },
  { ...blank("escaped slash"), request: http("paths.example.com", "/b%2Fc") },
  { ...blank("escaped letter"), request: http("paths.example.com", "/%62") },
  { ...blank("backslash"), request: http("paths.example.com", "/b\\c") },
  { ...blank("redirect port 8080"), request: http("redirect.example.com", "/x", 8080) },
  { ...blank("redirect port 8080 to https"), request: http("redirect.example.com", "/secure", 8080) },
  { ...blank("redirect host"), request: http("redirect.example.com", "/host", 8080) },
  { ...blank("isolation: special host, no route"), request: http("special.isolated.example.com", "/x", 8081) },
  { ...blank("isolation: other host"), request: http("other.isolated.example.com", "/x", 8081) },
  { ...blank("no backends"), request: http("empty.example.com", "/none") },
  {
    ...blank("421"),
    request: { scheme: "https", port: 443, sni: "one.example.com", host: "two.example.com", path: "/" },
  },
  {
    ...blank("404 host none"),
    request: { scheme: "https", port: 443, sni: "one.example.com", host: "three.example.com", path: "/" },
  },
  {
    ...blank("overlap wildcard"),
    request: { scheme: "https", port: 443, sni: "x.wild.example.com", host: "y.wild.example.com", path: "/" },
  },
  { ...blank("host upper case"), request: http("PATHS.example.com", "/b") },
  { ...blank("host trailing dot"), request: http("paths.example.com.", "/b") },
  { ...blank("host with port"), request: http("paths.example.com:80", "/b") },
  { ...blank("OPTIONS"), request: { ...http("paths.example.com", "/b"), method: "OPTIONS" } },
  { ...blank("timeout"), request: http("paths.example.com", "/timeout") },
  { ...blank("header twice"), request: { ...http("headers.example.com", "/"), headers: { "x-a": "one, two" } } },
  { ...blank("header regex"), request: { ...http("headers.example.com", "/r"), headers: { "x-b": "abc" } } },
  { ...blank("query plus"), request: http("headers.example.com", "/q?a=b+c") },
  { ...blank("query twice"), request: http("headers.example.com", "/t?a=1&a=2") },
  { ...blank("rewrite to root"), request: http("rewrite.example.com", "/old?x=1") },
  { ...blank("rewrite slash"), request: http("rewrite.example.com", "/old/") },
  { ...blank("hostname rewrite"), request: http("rewrite.example.com", "/host") },
];

function blank(title: string) {
  return {
    title,
    specification: "",
    source: "",
    istio: "",
    istioSource: "",
    rehearsal: "",
    virtualHosts: "",
    envoy: "",
  };
}

export const NAMESPACE = "differences";
/** "namespace/name" of the Gateway that all requests go through. */
export const GATEWAY = `${NAMESPACE}/edge`;
export const SERVICES = ["a", "b"];

const route = (name: string, hostnames: string[], rules: string, section?: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: ${NAMESPACE} }
spec:
  parentRefs: [{ name: edge${section ? `, sectionName: ${section}` : ""} }]
  hostnames: [${hostnames.map((h) => `"${h}"`).join(", ")}]
  rules: ${rules}
---`;
const to = (service: string) => `backendRefs: [{ name: ${service}, port: 80 }]`;

/** TLS Secrets of the Gateway, and the host that each is good for. */
export const SECRETS: Readonly<Record<string, string>> = {
  "one-tls": "one.example.com",
  "two-tls": "two.example.com",
  "wild-tls": "*.wild.example.com",
};

/** Gateway and routes, in YAML. */
export const OBJECTS = `
apiVersion: v1
kind: Namespace
metadata: { name: ${NAMESPACE} }
---
${SERVICES.map(
  (name) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${NAMESPACE} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${NAMESPACE} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: app, image: "example.org/${name}:1", ports: [{ containerPort: 8080 }] }] }
---`,
).join("")}
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge, namespace: ${NAMESPACE}, annotations: { networking.istio.io/service-type: ClusterIP } }
spec:
  gatewayClassName: istio
  listeners:
    - { name: http, protocol: HTTP, port: 80 }
    - { name: high, protocol: HTTP, port: 8080 }
    - { name: wild, protocol: HTTP, port: 8081, hostname: "*.isolated.example.com" }
    - { name: special, protocol: HTTP, port: 8081, hostname: special.isolated.example.com }
    - { name: one, protocol: HTTPS, port: 443, hostname: one.example.com, tls: { certificateRefs: [{ name: one-tls }] } }
    - { name: two, protocol: HTTPS, port: 443, hostname: two.example.com, tls: { certificateRefs: [{ name: two-tls }] } }
    - { name: wilds, protocol: HTTPS, port: 443, hostname: "*.wild.example.com", tls: { certificateRefs: [{ name: wild-tls }] } }
---
${route("exact-host", ["a.hosts.example.com"], `[{ matches: [{ path: { value: /mine } }], ${to("a")} }]`, "http")}
${route("any-host", ["*.hosts.example.com"], `[{ ${to("b")} }]`, "http")}
${route(
  "regex",
  ["regex.example.com"],
  `
    - { matches: [{ path: { type: RegularExpression, value: "/a.c" } }], ${to("a")} }
    - { matches: [{ path: { type: RegularExpression, value: "/p/[a-z]+" } }], ${to("a")} }
    - { matches: [{ path: { value: /p/abc } }], ${to("b")} }
    - { matches: [{ path: { type: RegularExpression, value: "/q/[0-9][0-9][0-9][0-9]" } }], ${to("a")} }
    - { matches: [{ path: { value: /q } }], ${to("b")} }
    - { matches: [{ path: { type: RegularExpression, value: "/part" } }], ${to("a")} }
    - { ${to("b")} }
`,
  "http",
)}
${route(
  "paths",
  ["paths.example.com"],
  `
    - { matches: [{ path: { value: /b } }], ${to("b")} }
    - { matches: [{ path: { value: /timeout } }], ${to("a")}, timeouts: { request: 1s } }
    - { ${to("a")} }
`,
  "http",
)}
${route(
  "redirect",
  ["redirect.example.com"],
  `
    - { matches: [{ path: { value: /secure } }], filters: [{ type: RequestRedirect, requestRedirect: { scheme: https } }] }
    - { matches: [{ path: { value: /host } }], filters: [{ type: RequestRedirect, requestRedirect: { hostname: else.example.com } }] }
    - { filters: [{ type: RequestRedirect, requestRedirect: { path: { type: ReplaceFullPath, replaceFullPath: /y } } }] }
`,
  "high",
)}
${route("isolated", [], `[{ ${to("a")} }]`, "wild")}
${route("empty", ["empty.example.com"], "[{ matches: [{ path: { value: /none } }] }]", "http")}
${route("one", ["one.example.com"], `[{ ${to("a")} }]`, "one")}
${route("two", ["two.example.com"], `[{ ${to("b")} }]`, "two")}
${route("wilds", ["*.wild.example.com"], `[{ ${to("b")} }]`, "wilds")}
${route(
  "headers",
  ["headers.example.com"],
  `
    - { matches: [{ path: { type: Exact, value: / }, headers: [{ name: X-A, value: one }] }], ${to("a")} }
    - { matches: [{ path: { value: /r }, headers: [{ name: x-b, type: RegularExpression, value: "b" }] }], ${to("a")} }
    - { matches: [{ path: { value: /q }, queryParams: [{ name: a, value: "b c" }] }], ${to("a")} }
    - { matches: [{ path: { value: /t }, queryParams: [{ name: a, value: "2" }] }], ${to("a")} }
    - { ${to("b")} }
`,
  "http",
)}
${route(
  "rewrite",
  ["rewrite.example.com"],
  `
    - { matches: [{ path: { value: /old } }], filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: "" } } }], ${to("a")} }
    - { matches: [{ path: { value: /host } }], filters: [{ type: URLRewrite, urlRewrite: { hostname: other.example.com } }], ${to("a")} }
`,
  "http",
)}
`;
