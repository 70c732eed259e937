import assert from "node:assert/strict";
import { parsePrototype, readPrototype } from "../../config/read.ts";

/** A stack that is right, to be spoilt in one place at a time. */
function base(): Record<string, unknown> {
  return {
    cluster: { minikube: {} },
    platform: { metallb: {}, gatewayApi: {}, istio: {}, certManager: {} },
    issuers: { "mango-ca": { namespace: "mango", selfSigned: {} } },
    apps: {
      mango: {
        echo: "juicy mango",
        gateway: {
          listeners: {
            https: {
              protocol: "HTTPS",
              port: 443,
              hostname: "mango.example.com",
              tls: { mode: "Terminate", issuer: "mango-ca" },
            },
          },
          routes: [{ path: "/mango" }],
        },
      },
    },
  };
}

function spoilt(path: readonly (string | number)[], value: unknown): Record<string, unknown> {
  const copy = structuredClone(base());
  const last = path.at(-1);
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => {
    if (Reflect.get(Object(at), key) === undefined) Reflect.set(Object(at), key, {});
    return Reflect.get(Object(at), key);
  }, copy);
  if (last !== undefined) Reflect.set(Object(parent), last, value);
  return copy;
}

function messageOf(values: Record<string, unknown>): string {
  try {
    parsePrototype("mine", values);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  return "accepted";
}

const gateway = ["apps", "mango", "gateway"] as const;

/** Each row: what is wrong, the spoilt place, what stands there, and what the message must say. */
const mistakes: readonly [string, readonly (string | number)[], unknown, RegExp][] = [
  [
    "an unknown key names the nearest known one",
    ["platform", "metalb"],
    {},
    /learn:platform\.metalb: unknown key \(did you mean metallb\?\)/,
  ],
  [
    "a word outside the list names the list",
    [...gateway, "listeners", "https", "tls", "mode"],
    "Terminat",
    /tls\.mode: expected Terminate or Passthrough, got "Terminat" \(did you mean Terminate\?\)/,
  ],
  [
    "a port out of range",
    [...gateway, "listeners", "https", "port"],
    70000,
    /expected a port from 1 to 65535, got 70000/,
  ],
  [
    "an unquoted version",
    ["versions"],
    { istio: 1.3 },
    /learn:versions\.istio: expected a version in quotes.* got 1\.3/,
  ],
  [
    "a name that is no DNS label",
    ["apps", "Mango_1"],
    { echo: "x" },
    /learn:apps\.Mango_1: the name must be a DNS label/,
  ],
  [
    "an application of two kinds",
    ["apps", "mango", "cafe"],
    {},
    /learn:apps\.mango: expected exactly one of echo, nginx, bookinfo, cafe, image, got both echo and cafe/,
  ],
  [
    "an application of no kind",
    ["apps", "mango", "echo"],
    undefined,
    /learn:apps\.mango: expected exactly one of .* got none of them/,
  ],
  [
    "minikube and context together",
    ["cluster", "context"],
    "prod",
    /learn:cluster: expected exactly one of minikube, context, got both/,
  ],
  [
    "a Vault issuer without Vault",
    ["issuers", "mango-ca"],
    { namespace: "mango", vault: { mount: "pki", allowedDomains: ["example.com"] } },
    /learn:issuers\.mango-ca\.vault: needs Vault, but learn:platform\.vault is missing/,
  ],
  [
    "a Vault issuer whose mount nobody declared",
    ["issuers", "mango-ca"],
    { namespace: "mango", vault: { mount: "pki", allowedDomains: ["example.com"] } },
    /vault\.mount: expected a mount of learn:vault\.pki \(none is declared\), got "pki"/,
  ],
  [
    "Vault configured but not installed",
    ["vault"],
    { pki: { pki: { commonName: "x" } } },
    /learn:vault: configures Vault, but learn:platform\.vault is missing/,
  ],
  [
    "signers in a circle",
    ["vault"],
    { pki: { a: { commonName: "a", signedBy: "b" }, b: { commonName: "b", signedBy: "a" } } },
    /the chain of signers comes back to "a"/,
  ],
  [
    "an unknown issuer",
    [...gateway, "listeners", "https", "tls", "issuer"],
    "mago-ca",
    /tls\.issuer: expected an entry of learn:issuers \(mango-ca\), got "mago-ca" \(did you mean mango-ca\?\)/,
  ],
  [
    "an issuer of another namespace",
    ["issuers", "mango-ca", "namespace"],
    "elsewhere",
    /issuer mango-ca stands in namespace elsewhere and serves only that one, but the certificate belongs in mango/,
  ],
  [
    "an issuer without cert-manager",
    ["platform", "certManager"],
    undefined,
    /learn:issuers\.mango-ca: is an Issuer of cert-manager, but learn:platform\.certManager is missing/,
  ],
  [
    "passthrough to a pod in clear text",
    [...gateway, "listeners", "https"],
    { protocol: "TLS", port: 443, hostname: "a.example.com", tls: { mode: "Passthrough" } },
    /routes\[0\]: speaks of paths, methods or headers, but no listener of Gateway mango\/mango-gateway \(https\) opens the TLS/,
  ],
  [
    "passthrough to an app that speaks no TLS",
    ["apps", "mango", "gateway"],
    {
      listeners: { tls: { protocol: "TLS", port: 443, hostname: "a.example.com", tls: { mode: "Passthrough" } } },
      routes: [{}],
    },
    /listeners\.tls\.tls\.mode: Passthrough hands the client's TLS to the pod untouched, but mango speaks no TLS/,
  ],
  [
    "passthrough with protocol HTTPS",
    [...gateway, "listeners", "https", "tls"],
    { mode: "Passthrough" },
    /expected Terminate because the protocol is HTTPS, got Passthrough/,
  ],
  [
    "TLS settings on an HTTP listener",
    [...gateway, "listeners", "https", "protocol"],
    "HTTP",
    /an HTTP listener takes no tls/,
  ],
  [
    "an HTTPS listener without tls",
    [...gateway, "listeners", "https", "tls"],
    undefined,
    /tls: missing; a listener of protocol HTTPS needs tls/,
  ],
  [
    "a shared Gateway that is not there",
    ["apps", "kiwi"],
    { echo: "x", gateway: { parent: "edge", routes: [{ path: "/a" }, { path: "/a" }] } },
    /expected an entry of learn:gateways \(none is declared\), got "edge"/,
  ],
  [
    "a Gateway class nobody installs",
    [...gateway, "class"],
    "nginx",
    /GatewayClass nginx has no controller here; add nginxGatewayFabric: \{\} to learn:platform/,
  ],
  [
    "a Gateway without the CRDs",
    ["platform", "gatewayApi"],
    undefined,
    /is a Gateway, but learn:platform\.gatewayApi is missing/,
  ],
  ["the mesh without Istio", ["platform", "istio"], undefined, /class: GatewayClass istio has no controller here/],
  [
    "ambient without Istio",
    ["apps", "kiwi"],
    { echo: "x", mesh: "ambient", ingress: {} },
    /learn:apps\.kiwi\.ingress: is an Ingress, but learn:platform\.ingressNginx is missing/,
  ],
  [
    "a route to a listener that is not there",
    [...gateway, "routes"],
    [{ listener: "htps", path: "/x" }],
    /routes\[0\]\.listener: expected a listener of Gateway mango\/mango-gateway \(https\), got "htps" \(did you mean https\?\)/,
  ],
  [
    "a redirect that also has a backend",
    [...gateway, "routes"],
    [{ path: "/x", redirect: { scheme: "https" }, service: "mango-svc" }],
    /redirect: a redirect answers by itself/,
  ],
  [
    "a Service the application has not",
    [...gateway, "routes"],
    [{ path: "/x", service: "mangos" }],
    /expected a Service of mango \(mango-svc\), got "mangos"/,
  ],
  [
    "a backend application that is not there",
    [...gateway, "routes"],
    [{ path: "/x", backends: [{ app: "mangoo" }] }],
    /backends\[0\]\.app: expected an application of the stack, got "mangoo" \(did you mean mango\?\)/,
  ],
  [
    "a mounted Secret that is not there",
    ["apps", "mango", "mounts"],
    [{ path: "/x", secret: "s" }],
    /mounts\[0\]\.secret: expected an entry of learn:secrets \(none is declared\), got "s"/,
  ],
  [
    "an answer through a Gateway that is not there",
    ["answers"],
    [{ get: "http://x.example.com/", via: "edge" }],
    /answers\[0\]\.via: expected a Gateway of the stack \(mango-gateway\), got "edge"/,
  ],
  [
    "an answer without a way",
    ["answers"],
    [{ get: "http://x.example.com/" }],
    /answers\[0\]\.via: missing; say which Gateway is asked/,
  ],
  [
    "an old Istio with a new Gateway API",
    ["versions"],
    { istio: "1.29.0" },
    /learn:versions\.istio: Istio 1\.29\.0 reads TLSRoute v1alpha2/,
  ],
];

describe("reading a stack's configuration", () => {
  it("accepts a stack that is right, with defaults filled in", () => {
    const prototype = parsePrototype("mine", base());
    assert.equal(prototype.cluster.minikube?.containerRuntime, "containerd");
    assert.equal(prototype.apps.mango?.mesh, "none");
    assert.equal(prototype.wiring, "error");
  });

  for (const [what, path, value, message] of mistakes) {
    it(`says of ${what}: where, what was found and what is allowed`, () => {
      assert.match(messageOf(spoilt(path, value)), message);
    });
  }

  it("tells all mistakes of single words at once", () => {
    const values = spoilt(["platfrom"], {});
    Reflect.set(values, "wiring", "maybe");
    assert.match(messageOf(values), /has 2 mistakes:\n.*wiring.*\n.*platfrom/s);
  });

  it("tells each of them beside a word elsewhere that is wrong", () => {
    for (const [what, path, value, message] of mistakes) {
      const found = messageOf({ ...spoilt(path, value), wiring: "maybe" });
      assert.match(found, message, what);
      assert.match(found, /learn:wiring: expected error, warn or off, got "maybe"/, what);
    }
  });

  it("tells of one application what another one's unreadable parts do not touch, and that there may be more", () => {
    const values = spoilt([...gateway, "listeners", "https", "tls", "mode"], "Terminat");
    Reflect.set(Object(values.apps), "kiwi", { nginx: { tls: { issuer: "mago-ca" } } });
    assert.match(
      messageOf(values),
      /2 mistakes:\n.*tls\.mode.*"Terminat".*\n.*kiwi\.nginx\.tls\.issuer.*mago-ca.*\nWhat depends on/,
    );
  });

  it("tells of a Gateway what is wrong with it beside an application whose mesh is not known", () => {
    const values = spoilt(["apps", "kiwi"], { echo: "x", mesh: "ambiet" });
    Reflect.set(Object(values.platform), "gatewayApi", undefined);
    assert.match(
      messageOf(values),
      /kiwi\.mesh.*"ambiet".*\n.*mango\.gateway: is a Gateway, but learn:platform\.gatewayApi/,
    );
  });

  it("leaves what a misspelt key may have meant alone", () => {
    const values = spoilt(["apps", "mango", "gatway"], { parent: "edge" });
    Reflect.deleteProperty(Object(values.apps), "gateway");
    Reflect.set(Object(Reflect.get(Object(values.apps), "mango")), "answers", [{ get: "https://mango.example.com/" }]);
    assert.match(messageOf(values), /1 mistake:\n.*gatway: unknown key \(did you mean gateway\?\)/);
  });

  it("tells mistakes of words, of choices and between words at once", () => {
    const values = spoilt([...gateway, "listeners", "https", "tls", "issuer"], "mago-ca");
    Reflect.set(values, "vault", { pki: { pki: { commonName: "x" } } });
    assert.match(messageOf(values), /has 2 mistakes:\n.*learn:vault.*\n.*mago-ca[^\n]*$/);
    Object.assign(values, { wiring: "maybe", answers: [{}] });
    assert.match(
      messageOf(values),
      /has 4 mistakes:\n.*wiring.*\n.*answers\[0\].*\n.*learn:vault.*\n.*mago-ca.*\nWhat depends on/,
    );
  });

  it("refuses two applications that claim one host and path at one Gateway, naming both", () => {
    const values = {
      cluster: { minikube: {} },
      platform: { gatewayApi: {}, istio: {}, metallb: {} },
      gateways: { edge: { listeners: { http: { protocol: "HTTP", port: 80, allowedRoutes: "All" } } } },
      apps: {
        mango: { echo: "m", gateway: { parent: "edge", routes: [{ hostnames: ["a.example.com"], path: "/x" }] } },
        kiwi: { echo: "k", gateway: { parent: "edge", routes: [{ hostnames: ["a.example.com"], path: "/x" }] } },
      },
    };
    assert.match(
      messageOf(values),
      /learn:apps\.kiwi\.gateway\.routes\[0\]: a\.example\.com\/x on listener http of Gateway edge\/edge is also claimed by application mango/,
    );
  });

  it("demands Istio for mesh: ambient", () => {
    const values = { cluster: { minikube: {} }, apps: { kiwi: { echo: "x", mesh: "ambient" } } };
    assert.match(
      messageOf(values),
      /learn:apps\.kiwi\.mesh: ambient needs Istio, but learn:platform\.istio is missing/,
    );
  });

  it("refuses encryption at rest on an existing cluster", () => {
    assert.match(
      messageOf({ cluster: { context: "prod" }, encryption: {} }),
      /learn:encryption: needs a minikube cluster/,
    );
  });

  it("demands a pool for MetalLB on an existing cluster", () => {
    const values = { cluster: { context: "prod" }, platform: { metallb: {} } };
    assert.match(messageOf(values), /learn:platform\.metallb\.addresses: missing; on an existing cluster/);
  });

  it("reads maps as the JSON and scalars as the text that Pulumi hands over, and leaves other namespaces alone", () => {
    const prototype = readPrototype("mine", {
      "learn:cluster": '{"context":"prod"}',
      "learn:wiring": "warn",
      "kubernetes:context": "other",
    });
    assert.equal(prototype.cluster.context, "prod");
    assert.equal(prototype.wiring, "warn");
  });
});
