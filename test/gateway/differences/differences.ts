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

const TYPES = "https://github.com/kubernetes-sigs/gateway-api/blob/main/apis/v1";
const ISTIO = "https://github.com/istio/istio/blob/master/pilot/pkg";
const ENVOY = "https://www.envoyproxy.io/docs/envoy/latest";

const http = (host: string, path: string, port = 80) => ({ scheme: "http" as const, port, host, path });

/** Requests of `OBJECTS`, through its Gateway. */
export const DIFFERENCES: readonly Difference[] = [
  {
    title: "The most specific hostname has no rule for the path",
    specification:
      "Of routes with intersecting hostnames the rules of the most specific one take precedence: where none of them matches, the request goes on to the less specific ones.",
    source: `${TYPES}/httproute_types.go`,
    istio:
      "istiod makes a virtual host of each hostname, and Envoy chooses the virtual host first. What it has no route for is 404. NGINX chooses its server block in the same way.",
    istioSource: `${ENVOY}/api-v3/config/route/v3/route_components.proto#config-route-v3-virtualhost`,
    request: http("a.hosts.example.com", "/other"),
    rehearsal: "200 by b, which sees /other",
    virtualHosts: "404",
    envoy: "404",
  },
  {
    title: "A regular expression beside the prefix /",
    specification:
      "The place of regular expressions is left to implementations. The local gateway tries them after every longer prefix and before the prefix /.",
    source: `${TYPES}/httproute_types.go`,
    istio:
      "istiod places every prefix before every regular expression, and sends nothing that comes after the prefix /, which matches all: a rule without a match, or with /, makes the route's regular expressions dead.",
    istioSource: `${ISTIO}/config/kube/gateway/conversion.go`,
    request: http("regex.example.com", "/abc"),
    rehearsal: "200 by a, which sees /abc",
    virtualHosts: "200 by a, which sees /abc",
    envoy: "200 by b, which sees /abc",
  },
  {
    title: "Dots in a path",
    specification:
      "The specification tells of the paths of matches, and not of requests' paths before they are matched.",
    source: `${TYPES}/httproute_types.go`,
    istio: "Istio has Envoy normalise a path before it is matched, as RFC 3986 says.",
    istioSource: `https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-ProxyPathNormalization`,
    request: http("paths.example.com", "/a/../b"),
    rehearsal: "200 by a, which sees /a/../b",
    virtualHosts: "200 by a, which sees /a/../b",
    envoy: "200 by b, which sees /b",
  },
  {
    title: "Letters that need not be escaped",
    specification: "As before: nothing is said of requests' paths.",
    source: `${TYPES}/httproute_types.go`,
    istio: "As before; an escaped slash, %2F, stays what it is.",
    istioSource: `https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-ProxyPathNormalization`,
    request: http("paths.example.com", "/%62"),
    rehearsal: "200 by a, which sees /%62",
    virtualHosts: "200 by a, which sees /%62",
    envoy: "200 by b, which sees /b",
  },
  {
    title: "A backslash in a path",
    specification: "As before: nothing is said of requests' paths.",
    source: `${TYPES}/httproute_types.go`,
    istio: "As before: a backslash counts as a slash, as in browsers.",
    istioSource: `https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-ProxyPathNormalization`,
    request: http("paths.example.com", "/b\\c"),
    rehearsal: "200 by a, which sees /b\\c",
    virtualHosts: "200 by a, which sees /b\\c",
    envoy: "200 by b, which sees /b/c",
  },
  {
    title: "A redirect to https from a port of its own",
    specification:
      "A redirect that names a scheme and no port goes to the scheme's own port, whatever the port of the request.",
    source: `${TYPES}/httproute_types.go`,
    istio:
      "istiod leaves the port to Envoy, which keeps the one that the request's Host names, unless it is the old scheme's own. The client is sent to a port that speaks no TLS.",
    istioSource: `${ISTIO}/config/kube/gateway/conversion.go`,
    request: http("redirect.example.com", "/secure", 8080),
    rehearsal: "302 to https://redirect.example.com/secure",
    virtualHosts: "302 to https://redirect.example.com/secure",
    envoy: "302 to https://redirect.example.com:8080/secure",
  },
  {
    title: "A listener of a more specific hostname without routes",
    specification:
      "A request is a matter of the most specific listener of its port alone. If that one has no route for it, the request is 404, and a wildcard listener beside it is not asked.",
    source: `${TYPES}/gateway_types.go`,
    istio:
      "istiod keeps hostnames of routes apart by listener, but a wildcard hostname stays as wide as it is: the wildcard listener's route answers for the host of its neighbour.",
    istioSource: `${ISTIO}/config/kube/gateway/conversion.go`,
    request: http("special.isolated.example.com", "/x", 8081),
    rehearsal: "404",
    virtualHosts: "404",
    envoy: "200 by a, which sees /x",
  },
  {
    title: "A Host of another listener than the server name's",
    specification:
      "On a connection whose server name chose one HTTPS listener, a request for the host of another should be answered 421, so that the client opens a new connection.",
    source: `${TYPES}/gateway_types.go`,
    istio:
      "Istio does not support this (`HTTPRouteHTTPSListenerDetectMisdirectedRequests` is among its skipped features): the listener's virtual hosts do not have the host, 404.",
    istioSource: `${ISTIO}/config/kube/gateway/supported_features.go`,
    request: { scheme: "https", port: 443, sni: "one.example.com", host: "two.example.com", path: "/" },
    rehearsal: "421",
    virtualHosts: "421",
    envoy: "404",
  },
  {
    title: "A host with a dot at its end",
    specification:
      "Nothing is said of a Host that is written as a fully qualified name; the local gateway takes both for one.",
    source: `${TYPES}/shared_types.go`,
    istio:
      "Envoy compares the Host as it comes, and strips the dot only when it is told to (`strip_trailing_host_dot`); istiod does not tell it.",
    istioSource: `${ENVOY}/api-v3/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto`,
    request: http("paths.example.com.", "/b"),
    rehearsal: "200 by b, which sees /b",
    virtualHosts: "200 by b, which sees /b",
    envoy: "404",
  },
  {
    title: "A plus sign in a query",
    specification:
      "Nothing is said of how the query's escapes are read. The local gateway reads a plus sign as a space, as forms write it.",
    source: `${TYPES}/httproute_types.go`,
    istio: "Envoy compares the parameter's value with the plus sign in it.",
    istioSource: `${ENVOY}/api-v3/config/route/v3/route_components.proto#config-route-v3-queryparametermatcher`,
    request: http("queries.example.com", "/?a=b+c"),
    rehearsal: "200 by a, which sees /?a=b+c",
    virtualHosts: "200 by a, which sees /?a=b+c",
    envoy: "200 by b, which sees /?a=b+c",
  },
];

export const NAMESPACE = "differences";
/** "namespace/name" of the Gateway that all requests go through. */
export const GATEWAY = `${NAMESPACE}/edge`;
export const SERVICES = ["a", "b"];

/** A route of the Gateway's listener `section`; `rules` in YAML. */
const route = (name: string, hostnames: readonly string[], rules: string, section: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: ${NAMESPACE} }
spec:
  parentRefs: [{ name: edge, sectionName: ${section} }]
  hostnames: [${hostnames.map((name) => `"${name}"`).join(", ")}]
  rules: ${rules}
---`;
const to = (service: string) => `backendRefs: [{ name: ${service}, port: 80 }]`;

/** TLS Secrets of the Gateway, and the host that each is good for. */
export const SECRETS: Readonly<Record<string, string>> = {
  "one-tls": "one.example.com",
  "two-tls": "two.example.com",
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
---
${route("exact-host", ["a.hosts.example.com"], `[{ matches: [{ path: { value: /mine } }], ${to("a")} }]`, "http")}
${route("any-host", ["*.hosts.example.com"], `[{ ${to("b")} }]`, "http")}
${route(
  "regex",
  ["regex.example.com"],
  `[{ matches: [{ path: { type: RegularExpression, value: "/a.c" } }], ${to("a")} }, { ${to("b")} }]`,
  "http",
)}
${route("paths", ["paths.example.com"], `[{ matches: [{ path: { value: /b } }], ${to("b")} }, { ${to("a")} }]`, "http")}
${route(
  "redirect",
  ["redirect.example.com"],
  "[{ filters: [{ type: RequestRedirect, requestRedirect: { scheme: https } }] }]",
  "high",
)}
${route("isolated", [], `[{ ${to("a")} }]`, "wild")}
${route("one", ["one.example.com"], `[{ ${to("a")} }]`, "one")}
${route("two", ["two.example.com"], `[{ ${to("b")} }]`, "two")}
${route(
  "queries",
  ["queries.example.com"],
  `[{ matches: [{ queryParams: [{ name: a, value: "b c" }] }], ${to("a")} }, { ${to("b")} }]`,
  "http",
)}
`;
