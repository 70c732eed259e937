import assert from "node:assert/strict";
import fc from "fast-check";
import type { Edge } from "../../lab/topology/graph-model.ts";
import { selectorMatches } from "../../lab/topology/namespaces.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import { goDurationSeconds } from "../../lab/topology/values.ts";
import { find, objects, validSet } from "../wiring/example.ts";
import { assertGolden } from "../wiring/golden.ts";
import { knownSet } from "../wiring/known.ts";

const topology = () => buildTopology(validSet(), knownSet());

describe("the topology", () => {
  it("applies the API's defaults", () => {
    const { routes, gateways } = buildTopology(
      objects(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: g }
spec: { gatewayClassName: istio, listeners: [{ name: l, protocol: HTTPS, port: 443, tls: { certificateRefs: [{ name: s }] } }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r }
spec: { parentRefs: [{ name: g }], rules: [{ backendRefs: [{ name: b, port: 80 }] }] }
`),
    );
    const [listener] = gateways[0]?.listeners ?? [];
    assert.equal(listener?.tls?.mode, "Terminate");
    assert.deepEqual(listener?.allowed, { from: "Same", selector: undefined, kinds: undefined });
    const [certificate] = listener?.tls?.certificates ?? [];
    assert.deepEqual([certificate?.kind, certificate?.namespace], ["Secret", "default"]);
    const [parent] = routes[0]?.parents ?? [];
    assert.deepEqual([parent?.kind, parent?.namespace], ["Gateway", "default"]);
    const [rule] = routes[0]?.rules ?? [];
    assert.deepEqual(rule?.matches[0]?.path, { type: "PathPrefix", value: "/" });
    assert.deepEqual([rule?.backends[0]?.kind, rule?.backends[0]?.weight], ["Service", 1]);
  });

  it("attaches routes to the listeners that take them, with the hosts they share", () => {
    const attached = topology().routes.flatMap(({ name, attachments }) =>
      attachments.map(({ listener, accepted, hostnames }) => [name, listener.name, accepted, ...hostnames]),
    );
    assert.deepEqual(attached, [
      ["mango", "https", true, "mango.example.com"],
      ["redirect", "http", true, "mango.example.com"],
      ["kiwi", "tls", true, "kiwi.example.com"],
    ]);
  });

  it("follows a backend to the pods' port, by number and by name", () => {
    const ports = topology().routes.flatMap(({ rules }) =>
      rules.flatMap(({ backends }) =>
        backends.flatMap(({ resolution }) =>
          resolution.endpoints.map((e) => [e.workload.name, e.port, e.container?.name]),
        ),
      ),
    );
    assert.deepEqual(ports, [
      ["mango", 5678, "echo"],
      ["kiwi", 443, "nginx"],
    ]);
  });

  it("follows a listener's certificate up to its authority", () => {
    const [gateway] = topology().gateways;
    const certificate = gateway?.listeners[1]?.tls?.certificates[0]?.resolution.certificate;
    const source = certificate?.issuer?.source;
    assert.ok(source?.type === "ca");
    assert.equal(source.certificate?.name, "root");
    assert.deepEqual(source.certificate?.issuer?.source, { type: "selfSigned" });
  });

  it("tells that a reference is not permitted before whether its target exists", () => {
    const set = validSet();
    const route = find(set, "HTTPRoute", "mango");
    Object.assign(route, { spec: { rules: [{ backendRefs: [{ name: "nothing", namespace: "nowhere", port: 1 }] }] } });
    const [rule] = buildTopology(set).routes[0]?.rules ?? [];
    assert.equal(rule?.backends[0]?.resolution.reason, "RefNotPermitted");
  });

  it("draws every request path and certificate chain, the same each time", () => {
    const { nodes, edges } = topology();
    const line = (edge: Edge) => {
      const wire =
        edge.type === "traffic" ? ` [${[edge.tls, ...edge.hostnames, ...edge.matches].join(", ")}]` : ` (${edge.type})`;
      return `${edge.from} → ${edge.to}${wire}${edge.ok ? "" : ` BROKEN ${edge.reason}`}`;
    };
    assertGolden(
      import.meta.dirname,
      "graph.txt",
      [
        ...nodes.map(({ id, type, namespace }) => `${type} ${id} in ${namespace ?? "-"}`),
        "",
        ...edges.map(line),
        "",
      ].join("\n"),
    );
    const ids = new Set(nodes.map(({ id }) => id));
    assert.ok(edges.every(({ from, to }) => ids.has(from) && ids.has(to)));
    assert.deepEqual(
      topology().edges.map(({ id }) => id),
      edges.map(({ id }) => id),
    );
  });

  it("says of each wire who can read it in an ambient mesh", () => {
    const set = objects(`
apiVersion: v1
kind: Namespace
metadata: { name: m, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: g, namespace: m }
spec:
  gatewayClassName: istio
  listeners: [{ name: http, protocol: HTTP, port: 80 }, { name: tls, protocol: TLS, port: 443, tls: { mode: Passthrough } }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: m }
spec: { parentRefs: [{ name: g, sectionName: http }], rules: [{ backendRefs: [{ name: s, port: 80 }] }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: { name: t, namespace: m }
spec: { parentRefs: [{ name: g, sectionName: tls }], hostnames: [t.example.com], rules: [{ backendRefs: [{ name: s, port: 443 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: s, namespace: m }
spec: { selector: { app: s }, ports: [{ name: a, port: 80 }, { name: b, port: 443 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: p, namespace: m, labels: { app: s } }
spec: { containers: [{ name: c, image: i }] }
`);
    const wires = buildTopology(set).edges.flatMap((edge) =>
      edge.type === "traffic" ? [`${edge.from} → ${edge.to} ${edge.tls}`] : [],
    );
    assert.ok(wires.includes("route/HTTPRoute/m/r → service/m/s:80 mesh-mtls"), wires.join("\n"));
    assert.ok(wires.includes("service/m/s:443 → pod/Pod/m/p:443 passthrough"));
    assert.ok(wires.includes("client → address/m/g:80 clear"));
    assert.ok(wires.includes("client → address/m/g:443 passthrough"));
  });
});

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
describe("label selectors", () => {
  it("ask for every label and every expression", () => {
    const labels = { a: "1", b: "2" };
    const table: [selector: object, matches: boolean][] = [
      [{}, true],
      [{ matchLabels: { a: "1" } }, true],
      [{ matchLabels: { a: "1", c: "3" } }, false],
      [{ matchExpressions: [{ key: "a", operator: "In", values: ["1", "9"] }] }, true],
      [{ matchExpressions: [{ key: "a", operator: "NotIn", values: ["1"] }] }, false],
      [{ matchExpressions: [{ key: "z", operator: "NotIn", values: ["1"] }] }, true],
      [{ matchExpressions: [{ key: "b", operator: "Exists" }] }, true],
      [
        {
          matchExpressions: [
            { key: "z", operator: "DoesNotExist" },
            { key: "b", operator: "DoesNotExist" },
          ],
        },
        false,
      ],
    ];
    for (const [selector, matches] of table)
      assert.equal(selectorMatches({ ...selector }, labels), matches, JSON.stringify(selector));
  });
});

// https://pkg.go.dev/time#ParseDuration
describe("Go durations", () => {
  it("add up their parts", () => {
    assert.equal(goDurationSeconds("2160h"), 90 * 24 * 3600);
    assert.equal(goDurationSeconds("1h30m5s"), 5405);
    assert.equal(goDurationSeconds("1500ms"), 1.5);
    for (const wrong of ["", "90d", "1", "h", 5, undefined]) assert.equal(goDurationSeconds(wrong), undefined);
  });

  it("of hours and minutes come out in seconds", () => {
    fc.assert(
      fc.property(fc.nat(9999), fc.nat(59), (h, m) => assert.equal(goDurationSeconds(`${h}h${m}m`), h * 3600 + m * 60)),
    );
  });
});
