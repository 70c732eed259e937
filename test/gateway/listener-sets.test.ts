import assert from "node:assert/strict";
import { planGateway } from "../../lab/gateway/plan/gateway-plan.ts";
import { topologyOf } from "./run.ts";

const set = (name: string, created: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: { name: ${name}, namespace: infra, creationTimestamp: "${created}" }
spec:
  parentRef: { name: gw }
  listeners:
  - { name: ${name}-own, port: 80, protocol: HTTP, hostname: ${name}.example.com }
  - { name: ${name}-clash, port: 80, protocol: HTTP, hostname: gateway.example.com }
  - { name: ${name}-shared, port: 80, protocol: HTTP, hostname: shared.example.com }
`;

describe("listeners of ListenerSets", () => {
  it("serve beside the Gateway's, which win conflicts, as the older set does (ListenerSetSpec.listeners)", () => {
    const yaml = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw, namespace: infra }
spec:
  gatewayClassName: istio
  allowedListeners: { namespaces: { from: Same } }
  listeners: [{ name: main, port: 80, protocol: HTTP, hostname: gateway.example.com }]
${set("young", "2026-02-01T00:00:00Z")}${set("old", "2026-01-01T00:00:00Z")}`;
    const [port] = planGateway(topologyOf(yaml)).ports;
    assert.deepEqual(
      port?.listeners.map(({ name }) => name),
      ["main", "young-own", "old-own", "old-shared"],
    );
    assert.deepEqual(
      port?.refused.map(({ name, why }) => `${name} ${why.split(":")[0]}`),
      ["young-clash HostnameConflict", "young-shared HostnameConflict", "old-clash HostnameConflict"],
    );
  });
});
