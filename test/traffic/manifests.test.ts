import assert from "node:assert/strict";
import fc from "fast-check";
import { gatewayManifest } from "../../components/traffic/gateway-manifest.ts";
import { grantManifests } from "../../components/traffic/grant-manifest.ts";
import { ingressManifest } from "../../components/traffic/ingress-manifest.ts";
import { routeManifest } from "../../components/traffic/route-manifest.ts";
import { gatewaysOf } from "../../config/derive/gateways.ts";
import { routesOf } from "../../config/derive/routes.ts";
import { parsePrototype } from "../../config/read.ts";
import { loadPrototype } from "../support/stack-files.ts";

const shared = (apps: Record<string, unknown>) =>
  parsePrototype("mine", {
    cluster: { minikube: {} },
    platform: { gatewayApi: {}, istio: {}, metallb: {} },
    gateways: {
      edge: {
        listeners: {
          http: {
            protocol: "HTTP",
            port: 80,
            hostname: "*.example.com",
            allowedRoutes: { selector: { team: "fruit" } },
          },
          alt: { protocol: "HTTP", port: 8080, allowedRoutes: "All" },
        },
      },
    },
    apps,
  });

describe("manifests of Gateways", () => {
  it("mango's: HTTP and HTTPS listeners of one host, the certificate by reference", () => {
    const prototype = loadPrototype("learn-05");
    const [gateway] = gatewaysOf(prototype);
    assert.ok(gateway);
    const allowedRoutes = { namespaces: { from: "Same" } };
    assert.deepEqual(gatewayManifest(gateway, { annotations: {} }), {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "mango-gateway", namespace: "mango" },
      spec: {
        gatewayClassName: "istio",
        infrastructure: { labels: { "istio.io/dataplane-mode": "none" } },
        listeners: [
          { name: "http", protocol: "HTTP", port: 80, hostname: "mango.example.com", allowedRoutes },
          {
            name: "https",
            protocol: "HTTPS",
            port: 443,
            hostname: "mango.example.com",
            tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: "mango-https-tls" }] },
            allowedRoutes,
          },
        ],
      },
    });
  });

  it("tell Istio of a ClusterIP Service before it makes the LoadBalancer it would make otherwise", () => {
    const [gateway] = gatewaysOf(loadPrototype("learn-03-01"));
    assert.ok(gateway);
    assert.deepEqual(gatewayManifest(gateway, { annotations: {} }).metadata.annotations, {
      "networking.istio.io/service-type": "ClusterIP",
    });
  });

  it("turn allowedRoutes into from: Selector or All", () => {
    const [gateway] = gatewaysOf(shared({}));
    assert.ok(gateway);
    const text = JSON.stringify(gatewayManifest(gateway, { annotations: {} }));
    assert.ok(text.includes('{"from":"Selector","selector":{"matchLabels":{"team":"fruit"}}}'));
    assert.ok(text.includes('{"from":"All"}'));
  });
});

describe("manifests of routes", () => {
  it("bookinfo's: one HTTPRoute with five rules to productpage, attached by section name", () => {
    const routes = routesOf(loadPrototype("learn-03"), "bookinfo").map(routeManifest);
    assert.equal(routes.length, 1);
    assert.deepEqual(Reflect.get(Object(routes[0]?.spec), "parentRefs"), [
      { name: "bookinfo-gateway", sectionName: "http" },
    ]);
    const backendRefs = [{ name: "productpage", port: 9080 }];
    assert.deepEqual(Reflect.get(Object(routes[0]?.spec), "rules"), [
      { matches: [{ path: { type: "Exact", value: "/productpage" } }], backendRefs },
      { matches: [{ path: { type: "PathPrefix", value: "/static" } }], backendRefs },
      { matches: [{ path: { type: "Exact", value: "/login" } }], backendRefs },
      { matches: [{ path: { type: "Exact", value: "/logout" } }], backendRefs },
      { matches: [{ path: { type: "PathPrefix", value: "/api/v1/products" } }], backendRefs },
    ]);
  });

  it("nginx's passthrough: a TLSRoute with the listener's host name and nothing of HTTP", () => {
    assert.deepEqual(routesOf(loadPrototype("learn-05"), "nginx").map(routeManifest), [
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "TLSRoute",
        metadata: { name: "nginx", namespace: "nginx" },
        spec: {
          parentRefs: [{ name: "nginx-gateway", sectionName: "tls" }],
          hostnames: ["nginx.example.com"],
          rules: [{ backendRefs: [{ name: "my-nginx", port: 443 }] }],
        },
      },
    ]);
  });

  it("name the Gateway's namespace when it is another one, and every listener that carries HTTP", () => {
    const prototype = shared({ kiwi: { echo: "k", gateway: { parent: "edge", routes: [{ path: "/" }] } } });
    assert.deepEqual(Reflect.get(Object(routesOf(prototype, "kiwi").map(routeManifest)[0]?.spec), "parentRefs"), [
      { name: "edge", namespace: "edge", sectionName: "http" },
      { name: "edge", namespace: "edge", sectionName: "alt" },
    ]);
  });

  it("carry redirects, rewrites, header edits, weights, methods, headers and query parameters", () => {
    const prototype = shared({
      kiwi: {
        echo: "k",
        gateway: {
          parent: "edge",
          routes: [
            { listener: "http", path: "/old", redirect: { scheme: "https", path: "/new", status: 301 } },
            {
              listener: "http",
              path: "/v1",
              method: "GET",
              headers: { env: "canary" },
              query: { q: "1" },
              rewrite: { prefix: "/" },
              requestHeaders: { set: { a: "1" }, remove: ["b"] },
              responseHeaders: { add: { c: "2" } },
              backends: [{ app: "kiwi", weight: 9 }, { app: "plum" }],
            },
          ],
        },
      },
      plum: { echo: "p" },
    });
    const [route] = routesOf(prototype, "kiwi");
    assert.ok(route);
    assert.deepEqual(Reflect.get(Object(routeManifest(route).spec), "rules"), [
      {
        matches: [{ path: { type: "PathPrefix", value: "/old" } }],
        filters: [
          {
            type: "RequestRedirect",
            requestRedirect: {
              scheme: "https",
              path: { type: "ReplaceFullPath", replaceFullPath: "/new" },
              statusCode: 301,
            },
          },
        ],
      },
      {
        matches: [
          {
            path: { type: "PathPrefix", value: "/v1" },
            method: "GET",
            headers: [{ name: "env", value: "canary" }],
            queryParams: [{ name: "q", value: "1" }],
          },
        ],
        filters: [
          {
            type: "RequestHeaderModifier",
            requestHeaderModifier: { set: [{ name: "a", value: "1" }], remove: ["b"] },
          },
          { type: "ResponseHeaderModifier", responseHeaderModifier: { add: [{ name: "c", value: "2" }] } },
          { type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } } },
        ],
        backendRefs: [
          { name: "kiwi-svc", port: 8000, weight: 9 },
          { name: "plum-svc", namespace: "plum", port: 8000, weight: 1 },
        ],
      },
    ]);
    assert.deepEqual(grantManifests([], [route]), [
      {
        apiVersion: "gateway.networking.k8s.io/v1beta1",
        kind: "ReferenceGrant",
        metadata: { name: "httproute-kiwi-to-service-plum-svc", namespace: "plum" },
        spec: {
          from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "kiwi" }],
          to: [{ group: "", kind: "Service", name: "plum-svc" }],
        },
      },
    ]);
  });

  it("keep every rule exactly once, at most 16 in an object, under names of their own, however many there are", () => {
    const paths = fc.uniqueArray(fc.stringMatching(/^\/[a-z]{1,8}$/), { minLength: 1, maxLength: 60 });
    const listeners = fc.constantFrom("http", "alt", undefined);
    fc.assert(
      fc.property(paths, fc.array(listeners, { minLength: 60, maxLength: 60 }), (all, at) => {
        const routes = all.map((path, index) => ({ path, ...(at[index] ? { listener: at[index] } : {}) }));
        const specs = routesOf(shared({ kiwi: { echo: "k", gateway: { parent: "edge", routes } } }), "kiwi");
        assert.deepEqual(specs.flatMap(({ rules }) => rules.map(({ route }) => route.path)).sort(), [...all].sort());
        assert.ok(specs.every(({ rules }) => rules.length <= 16));
        assert.equal(new Set(specs.map(({ name }) => name)).size, specs.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe("manifests of Ingress rules", () => {
  const ingressOf = (name: string) => {
    const app = loadPrototype("learn-01").apps[name];
    assert.ok(app?.ingress);
    return ingressManifest(name, app, app.ingress, {});
  };

  it("apple-path's holds for any host", () => {
    assert.deepEqual(Reflect.get(Object(ingressOf("apple-path").spec), "rules"), [
      {
        http: {
          paths: [
            {
              path: "/apple",
              pathType: "Prefix",
              backend: { service: { name: "apple-path-svc", port: { number: 8000 } } },
            },
          ],
        },
      },
    ]);
  });

  it("mango's ends TLS with the Secret of its certificate", () => {
    assert.deepEqual(Reflect.get(Object(ingressOf("mango").spec), "tls"), [
      { hosts: ["mango.foo.com"], secretName: "mango-tls" },
    ]);
  });

  it("pear's passes TLS through to port 443 and names no Secret", () => {
    const manifest = ingressOf("pear");
    assert.equal(manifest.metadata.annotations?.["nginx.ingress.kubernetes.io/ssl-passthrough"], "true");
    assert.equal(Reflect.get(Object(manifest.spec), "tls"), undefined);
    assert.ok(JSON.stringify(manifest).includes('"number":443'));
  });
});
