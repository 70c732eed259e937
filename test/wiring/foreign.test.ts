import assert from "node:assert/strict";
import { ASSUMED } from "../../lab/topology/known.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import { check } from "../../lab/wiring/check.ts";
import { objects } from "./example.ts";

const GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gate, annotations: null }
spec: { gatewayClassName: eg, listeners: [{ name: http, port: 80, protocol: HTTP, hostname: null }] }
---
apiVersion: v1
kind: Service
metadata: { name: mango }
spec: { selector: { app: mango }, ports: [{ port: 80 }] }
---
`;

/** An HTTPRoute of that Gateway with one rule. */
const route = (rule: string) => `${GATEWAY}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: mango }
spec: { parentRefs: [{ name: gate, sectionName: null }], rules: [${rule}] }
---
`;
const TO_SERVICE = "backendRefs: [{ name: mango, port: 80 }]";
const TO_OTHER = "backendRefs: [{ group: gateway.example.com, kind: Backend, name: mango }]";
const OTHER = `
apiVersion: gateway.example.com/v1
kind: Backend
metadata: { name: mango }
`;
const policy = (ref: string) => `${route(`{ ${TO_SERVICE} }`)}
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: { name: mango }
spec:
  targetRefs: [{ group: "", kind: Service, name: mango }]
  validation: { hostname: mango.example.com, caCertificateRefs: [${ref}] }
`;
const secret = (data: string) => `${route(`{ ${TO_SERVICE} }`)}
apiVersion: v1
kind: Secret
metadata: { name: words }
data:
  words: ${data}
`;

const ACME = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: mango, annotations: { kubernetes.io/tls-acme: "true" } }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [mango.example.com], secretName: mango-tls }]
  defaultBackend: { service: { name: mango, port: { number: 80 } } }
`;

const CASES: [title: string, yaml: string, rules: string[]][] = [
  ["fields that are null", route(`{ matches: null, ${TO_SERVICE} }`), []],
  ["base64 in several lines", secret("|\n    bWFu\n    Z28="), []],
  ["what only resembles base64", secret('"<TOKEN>"'), ["SCHEMA"]],
  ["a backend of a controller's own kind that is there", route(`{ ${TO_OTHER} }`) + OTHER, []],
  ["a backend of somebody's kind that is not there", route(`{ ${TO_OTHER} }`), ["W24"]],
  [
    "a filter of the experimental channel",
    route(
      `{ filters: [{ type: ExternalAuth, externalAuth: { protocol: HTTP, backendRef: { name: mango, port: 80 } } }], ${TO_SERVICE} }`,
    ),
    [],
  ],
  ["an Ingress whose certificate cert-manager's own issuer makes", `${GATEWAY}${ACME}`, []],
  ["a CA in a Secret", policy('{ group: "", kind: Secret, name: ca }'), []],
  ["a CA in a trust bundle", policy("{ group: certificates.k8s.io, kind: ClusterTrustBundle, name: ca }"), []],
];

describe("manifests of others", () => {
  for (const [title, yaml, rules] of CASES) {
    it(`with ${title} lead to ${rules.length === 0 ? "no finding" : rules.join(", ")}`, async () => {
      const found = await check(buildTopology(objects(yaml), ASSUMED));
      assert.deepEqual(
        found.map(({ rule }) => rule),
        rules,
      );
    });
  }
});
