import assert from "node:assert/strict";
import type { Expectation } from "../../../lab/probe/model.ts";
import { run } from "../run.ts";
import { block, type Case, SERVICES } from "./block.ts";

// TLS: Listener.hostname, ListenerTLSConfig and TLSRoute of apis/v1 of sigs.k8s.io/gateway-api, and the conformance
// tests named in the blocks. Every answer over TLS is verified by the probe: authority and name.

const refused: Expectation = { status: 0, refused: true, backend: null };

function gateway(listeners: string, name = "gw"): string {
  return `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: infra }
spec:
  gatewayClassName: istio
  listeners: [${listeners}]
`;
}

function route(
  kind: "HTTPRoute" | "TLSRoute",
  name: string,
  parent: string,
  hostnames: string,
  backend: string,
): string {
  return `---
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: infra }
spec:
  parentRefs: [${parent}]
  ${hostnames === "" ? "" : `hostnames: ${hostnames}`}
  rules: [{ backendRefs: [{ name: ${backend}, port: 8080 }] }]
`;
}

const https = (name: string, hostname: string, secret = `${name}-tls`) =>
  `{ name: ${name}, port: 443, protocol: HTTPS, ${hostname === "" ? "" : `hostname: "${hostname}",`} tls: { certificateRefs: [{ name: ${secret} }] } }`;
const passthrough = (name: string, hostname: string) =>
  `{ name: ${name}, port: 443, protocol: TLS, ${hostname === "" ? "" : `hostname: "${hostname}",`} tls: { mode: Passthrough } }`;

const misdirected = (sni: string, host: string, expect: Expectation): Case => [
  `https://${host}/`,
  expect,
  { sni, http: "2" },
];

block(
  "a Host that belongs to another listener than the SNI (HTTPRouteHTTPSListenerDetectMisdirectedRequests)",
  gateway(
    [
      https("any", ""),
      https("second", "second-example.org"),
      https("wild", "*.wildcard.org"),
      https("fourth", "fourth-example.wildcard.org"),
    ].join(","),
  ) +
    route("HTTPRoute", "r1", "{ name: gw, sectionName: any }", "[example.org]", "one") +
    route("HTTPRoute", "r2", "{ name: gw, sectionName: second }", "", "two") +
    route("HTTPRoute", "r3", "{ name: gw, sectionName: wild }", "", "three") +
    route("HTTPRoute", "r4", "{ name: gw, sectionName: fourth }", "", "one"),
  [
    misdirected("example.org", "example.org", { status: 200, backend: "infra/one" }),
    misdirected("example.org", "second-example.org", { status: 421, backend: null }),
    misdirected("example.org", "unknown-example.org", { status: 404 }),
    misdirected("second-example.org", "second-example.org", { status: 200, backend: "infra/two" }),
    misdirected("second-example.org", "example.org", { status: 421 }),
    misdirected("second-example.org", "unknown-example.org", { status: 421 }),
    misdirected("third.wildcard.org", "third.wildcard.org", { status: 200, backend: "infra/three" }),
    misdirected("third.wildcard.org", "fifth.wildcard.org", { status: 200, backend: "infra/three" }),
    misdirected("third.wildcard.org", "fourth-example.wildcard.org", { status: 421 }),
    misdirected("third.wildcard.org", "second-example.org", { status: 421 }),
    misdirected("fourth-example.wildcard.org", "fourth-example.wildcard.org", { status: 200, backend: "infra/one" }),
    misdirected("fourth-example.wildcard.org", "fifth.wildcard.org", { status: 421 }),
    misdirected("unknown-example.org", "example.org", { status: 200, backend: "infra/one" }),
    misdirected("unknown-example.org", "unknown-example.org", { status: 404 }),
  ],
);

block(
  "HTTPS listeners (HTTPRouteHTTPSListener)",
  gateway(
    `${https("a", "a.example.com")}, ${https("b", "*.b.example.com")}, { name: clear, port: 80, protocol: HTTP }`,
  ) + route("HTTPRoute", "r", "{ name: gw }", "", "one"),
  [
    ["https://a.example.com/", { status: 200, backend: "infra/one" }],
    ["https://a.example.com/", { status: 200, backend: "infra/one" }, { http: "2" }],
    ["https://x.b.example.com/", { status: 200 }],
    ["https://x.y.b.example.com/", { status: 200 }],
    ["https://nobody.example.com/", refused],
    ["https://b.example.com/", refused],
    ["https://a.example.com/", refused, { sni: "" }],
    ["http://a.example.com:443/", refused],
    ["https://a.example.com:80/", refused],
    ["https://a.example.com/", { status: 404 }, { headers: { host: "nobody.example.com" } }],
  ],
);

block(
  "TLSRoutes on an exact listener (TLSRouteHostnameIntersection)",
  gateway(passthrough("p", "abc.example.com")) + route("TLSRoute", "r", "{ name: gw }", `["*.example.com"]`, "one"),
  [
    ["https://abc.example.com/x", { status: 200, backend: "infra/one", path: "/x" }],
    ["https://other.example.com/", refused],
    ["https://non.matching.com/", refused],
  ],
);

for (const hostname of ["*.example.com", "*.com", ""]) {
  block(
    `TLSRoutes on a listener for ${hostname || "any host"} (TLSRouteHostnameIntersection)`,
    gateway(passthrough("p", hostname)) +
      route("TLSRoute", "precise", "{ name: gw }", "[abc.example.com]", "one") +
      route("TLSRoute", "wild", "{ name: gw }", `["*.com"]`, "two"),
    [
      ["https://abc.example.com/", { status: 200, backend: "infra/one" }],
      ["https://other.example.com/", { status: 200, backend: "infra/two" }],
      ["https://non.matching.org/", refused],
      ["https://abc.example.com/", refused, { sni: "" }],
    ],
  );
}

block(
  "TLS ended and passed through on one port (TLSRouteMixedTermination, TLSRouteTerminate)",
  gateway(
    `{ name: ended, port: 8883, protocol: TLS, hostname: tls.example.com, tls: { mode: Terminate, certificateRefs: [{ name: ended-tls }] } },
    { name: passed, port: 8883, protocol: TLS, hostname: abc.example.com, tls: { mode: Passthrough } }`,
  ) +
    route("TLSRoute", "passed", "{ name: gw }", "[abc.example.com]", "one") +
    route("TLSRoute", "ended", "{ name: gw }", "[tls.example.com]", "two"),
  [
    ["https://abc.example.com:8883/a", { status: 200, backend: "infra/one", path: "/a" }],
    ["https://tls.example.com:8883/b", { status: 200, backend: "infra/two", path: "/b" }],
    ["https://other.example.com:8883/", refused],
  ],
);

block(
  "TLSRoutes to backends that cannot answer (TLSRouteInvalidBackendRefNonexistent, TLSRouteInvalidReferenceGrant)",
  gateway(passthrough("p", "*.example.com")) +
    route("TLSRoute", "missing", "{ name: gw }", "[missing.example.com]", "nobody") +
    route("HTTPRoute", "wrong-kind", "{ name: gw }", "[http.example.com]", "one"),
  [
    ["https://missing.example.com/", refused],
    ["https://http.example.com/", refused],
  ],
);

block(
  "listeners that cannot serve (GatewayInvalidTLSConfiguration, GatewaySecretMissingReferenceGrant, conflicts)",
  gateway(
    `${https("good", "good.example.com")},
    { name: far, port: 443, protocol: HTTPS, hostname: far.example.com, tls: { certificateRefs: [{ name: far-tls, namespace: certs }] } },
    { name: kind, port: 443, protocol: HTTPS, hostname: kind.example.com, tls: { certificateRefs: [{ group: g.example, kind: Thing, name: x }] } },
    { name: broken, port: 443, protocol: HTTPS, hostname: broken.example.com, tls: { certificateRefs: [{ name: broken }] } },
    ${https("twin-a", "twin.example.com")}, ${https("twin-b", "twin.example.com")},
    { name: clear, port: 81, protocol: HTTP }, { name: tcp, port: 81, protocol: TCP },
    { name: odd, port: 82, protocol: example.com/odd }`,
  ) +
    `---
apiVersion: v1
kind: Secret
type: kubernetes.io/tls
metadata: { name: broken, namespace: infra }
stringData: { tls.crt: "not a certificate", tls.key: "not a key" }
` +
    route("HTTPRoute", "r", "{ name: gw }", "", "one"),
  [
    ["https://good.example.com/", { status: 200, backend: "infra/one" }],
    ["https://far.example.com/", refused],
    ["https://kind.example.com/", refused],
    ["https://broken.example.com/", refused],
    ["https://twin.example.com/", refused],
    ["http://clear.example.com:81/", refused],
    ["http://odd.example.com:82/", refused],
    ["http://nothing.example.com:83/", refused],
  ],
);

block(
  "ReferenceGrants for certificates (GatewaySecretReferenceGrantSpecific, …AllInNamespace)",
  gateway(
    `{ name: far, port: 443, protocol: HTTPS, hostname: far.example.com, tls: { certificateRefs: [{ name: far-tls, namespace: certs }] } },
    { name: not, port: 443, protocol: HTTPS, hostname: not.example.com, tls: { certificateRefs: [{ name: other-tls, namespace: certs }] } }`,
  ) +
    `---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: g, namespace: certs }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: Gateway, namespace: infra }]
  to: [{ group: "", kind: Secret, name: far-tls }]
` +
    route("HTTPRoute", "r", "{ name: gw }", "", "one"),
  [
    ["https://far.example.com/", { status: 200 }],
    ["https://not.example.com/", refused],
  ],
);

describe("several Gateways with the same port", () => {
  it("each have an address of their own; a request goes to the one whose listener knows the host", async () => {
    const yaml =
      gateway(https("https", "a.example.com"), "first") +
      gateway(`${https("https", "b.example.com")}, { name: http, port: 80, protocol: HTTP }`, "second") +
      route("HTTPRoute", "a", "{ name: first }", "", "one") +
      route("HTTPRoute", "b", "{ name: second }", "", "two");
    const running = await run(yaml + SERVICES);
    const ports = running.gateway.ports.map(({ port, local }) => [port, local?.port]);
    assert.deepEqual(
      ports.map(([port]) => port),
      [443, 443, 80],
    );
    assert.notEqual(ports[0]?.[1], ports[1]?.[1]);
    assert.equal((await running.ask("https://a.example.com/")).backend, "infra/one");
    assert.equal((await running.ask("https://b.example.com/")).backend, "infra/two");
    assert.equal((await running.ask("https://b.example.com/", { gateway: "infra/first" })).status, 0);
    const { error } = await running.ask("http://b.example.com/", { gateway: "infra/first" });
    assert.equal(error, "connection refused: no listener of infra/first has port 80; there are ports 443");
    await running.close();
  });
});
