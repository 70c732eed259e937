import assert from "node:assert/strict";
import { UNKNOWN } from "../../lab/manifests/unknown.ts";
import { ASSUMED } from "../../lab/topology/known.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import type { Finding } from "../../lab/wiring/finding.ts";
import { checkWiring } from "../../lab/wiring/wiring.ts";
import { objects } from "./example.ts";

const gateway = (name: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: edge }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---`;
const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: mango, namespace: fruit }
spec: { ports: [{ port: 80 }] }
---`;
const route = (kind: string, parentRefs: string, namespace = "fruit") => `${SERVICE}
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: mango, namespace: ${namespace} }
spec:
  hostnames: [mango.example.com]
  ${parentRefs}
  rules: [{ backendRefs: [{ name: mango, port: 80 }] }]
---`;
const findings = (yaml: string): Finding[] => checkWiring(buildTopology(objects(yaml), ASSUMED));

describe("a route without a parent", () => {
  for (const kind of ["HTTPRoute", "GRPCRoute", "TLSRoute"]) {
    for (const written of ["", "parentRefs: []", "parentRefs: null"]) {
      it(`is told of: ${kind} with ${written || "no parentRefs"}`, () => {
        assert.deepEqual(findings(gateway("gate") + route(kind, written)), [
          {
            rule: "W17",
            severity: "warning",
            from: { kind, namespace: "fruit", name: "mango" },
            to: null,
            message: "names no parentRefs: no Gateway serves it, and it gets no status at all",
            fix: "add to its spec: parentRefs: [{ name: gate, namespace: edge }]",
            path: "/spec/parentRefs",
          },
        ]);
      });
    }
  }

  it("is shown the Gateways that it can name, or that there is none", () => {
    const fix = (yaml: string) => findings(yaml).map((finding) => finding.fix)[0] ?? "";
    assert.match(
      fix(gateway("gate") + gateway("door") + route("HTTPRoute", "")),
      /serve it: edge\/gate and edge\/door$/,
    );
    assert.match(fix(route("HTTPRoute", "")), /there is none in the set$/);
  });

  it("is not what a route is whose parents are not known yet", () => {
    assert.deepEqual(findings(gateway("gate") + route("HTTPRoute", `parentRefs: ${UNKNOWN}`)), []);
    assert.deepEqual(findings(gateway("gate") + route("HTTPRoute", `parentRefs: ["${UNKNOWN}"]`)), []);
  });
});
