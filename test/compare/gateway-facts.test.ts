import assert from "node:assert/strict";
import { gatewayFacts } from "../../lab/compare/gateway-facts.ts";
import { topologyOf } from "../gateway/run.ts";

/** A route that a ListenerSet carries; the Gateway lets in ListenerSets of these namespaces. */
function facts(letIn: "Same" | "None") {
  const found = gatewayFacts(
    topologyOf(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw, namespace: infra }
spec:
  gatewayClassName: istio
  allowedListeners: { namespaces: { from: ${letIn} } }
  listeners: [{ name: main, port: 80, protocol: HTTP, hostname: gateway.example.com }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: { name: more, namespace: infra }
spec:
  parentRef: { name: gw }
  listeners: [{ name: fig, port: 80, protocol: HTTP, hostname: fig.example.com }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: fig, namespace: infra }
spec:
  parentRefs: [{ kind: ListenerSet, name: more }]
  rules: [{ backendRefs: [{ name: fig, port: 80 }] }]
`),
  );
  return new Map(found.map(({ topic, value, where }) => [topic, [value, where]]));
}

describe("what is told of a listener of a ListenerSet", () => {
  it("names the Gateway for class and address, and the ListenerSet for what its listener says", () => {
    const told = facts("Same");
    assert.deepEqual(told.get("controller"), ["istio", "Gateway infra/gw spec.gatewayClassName"]);
    assert.deepEqual(told.get("address"), ["one for Gateway infra/gw", "Gateway infra/gw (its own Service)"]);
    assert.deepEqual(told.get("door"), ["port 80, HTTP", "ListenerSet infra/more spec.listeners[fig].port, protocol"]);
  });

  it("is nothing where no Gateway lets the ListenerSet in", () => {
    assert.deepEqual([...facts("None")], []);
  });
});
