import assert from "node:assert/strict";
import fc from "fast-check";
import { StandIns } from "../../../lab/gateway/backends/stand-ins.ts";
import { ManifestCertificates } from "../../../lab/gateway/certificates/manifest-certificates.ts";
import { ThrowAwayAuthority } from "../../../lab/gateway/certificates/throw-away.ts";
import { probeThrough } from "../../../lab/gateway/probing.ts";
import { serve } from "../../../lab/gateway/serve.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import type { Answer, ProbeRequest } from "../../../lab/probe/model.ts";
import { ASSUMED } from "../../../lab/topology/known.ts";
import { buildTopology } from "../../../lab/topology/topology.ts";
import { DIFFERENCES, GATEWAY as DIFFERENCES_GATEWAY } from "../../gateway/differences/differences.ts";
import { essence as difference, differenceObjects } from "../../gateway/differences/rehearsed.ts";
import { eventually } from "../lab/wait.ts";
import type { GatewayLab } from "./gateway-lab.ts";
import { GATEWAY, NAMESPACE, NO_PODS, routesAndRequests, SERVICES } from "./generated-routes.ts";
import { plainGateway } from "./plain-gateway.ts";

const SETS = 60;
const MARKER = "marker.example.net";

/** Generated routes, and the differences that the docs list, on a lab that runs and is empty. */
export function agreementSuite(lab: GatewayLab): void {
  const base: KubeObject[] = [];
  let generation = 0;
  const seen = new Map<number, number>();

  before(async () => {
    for (const object of baseObjects()) base.push(await lab.must(object));
    const topology = topologyOf([]);
    const store = new ManifestCertificates(topology.objects, await ThrowAwayAuthority.create());
    await lab.answer(
      topology,
      store,
      base.filter(({ kind }) => kind === "Gateway"),
    );
  });

  const topologyOf = (routes: readonly KubeObject[]) =>
    buildTopology(
      [...base, ...routes].map((object) => ({ object })),
      { ...ASSUMED, complete: true },
    );

  /** Puts the routes in place of the former ones and waits until Envoy has them. Gives them as the API server has them. */
  async function apply(routes: readonly KubeObject[]): Promise<KubeObject[]> {
    const all = `/apis/gateway.networking.k8s.io/v1/namespaces/${NAMESPACE}/httproutes`;
    await lab.plane.client.send("DELETE", all);
    const live: KubeObject[] = [];
    for (const route of routes) live.push(await lab.must(route));
    await lab.must(markerRoute(++generation));
    const marker: ProbeRequest = {
      scheme: "http",
      port: 80,
      host: MARKER,
      path: "/",
      gateway: `${NAMESPACE}/${GATEWAY}`,
    };
    await eventually(
      `generation ${generation} of routes`,
      30,
      async () => (await lab.ask(marker)).headers["x-generation"] === String(generation),
    );
    return live;
  }

  it(`give the same answers: ${SETS} sets of routes, 40 requests each`, async () => {
    await fc.assert(
      fc.asyncProperty(routesAndRequests, async ([routes, asked]) => {
        const topology = topologyOf(await apply(routes));
        const certificates = new ManifestCertificates(topology.objects, await ThrowAwayAuthority.create());
        const backends = await StandIns.start(topology, certificates);
        // hostnames are chosen as proxies with virtual hosts do it: see the page on differences
        const gateway = await serve(topology, { certificates, backends, virtualHosts: true });
        try {
          for (const request of asked) {
            const [rehearsed, real] = await Promise.all([probeThrough(gateway, request), lab.ask(request)]);
            assert.deepEqual(
              essence(real),
              essence(rehearsed),
              `${JSON.stringify(request)}\n${JSON.stringify(routes, null, 1)}`,
            );
            seen.set(real.status, (seen.get(real.status) ?? 0) + 1);
          }
        } finally {
          await gateway.close();
        }
      }),
      { numRuns: SETS, seed: 20_261_123, interruptAfterTimeLimit: 500_000, markInterruptAsFailure: false },
    );
    const compared = [...seen.values()].reduce((sum, count) => sum + count, 0);
    assert.ok(compared >= 500, `only ${compared} comparisons`);
    assert.ok((seen.get(404) ?? 0) < compared / 2, "most requests match nothing");
    for (const status of [200, 301, 302, 404, 500, 503])
      assert.ok(seen.has(status), `no request was answered ${status}`);
    const counts = [...seen].sort().map(([status, count]) => `${status}: ${count}`);
    process.stdout.write(`      ${compared} requests compared (${counts.join(", ")})\n`);
  });

  it("differ where docs/gateway-differences.md says so, and in the way that it says", async () => {
    const set = await differenceObjects();
    const live = await Promise.all(set.map((object) => lab.must(object)));
    const topology = buildTopology(
      live.map((object) => ({ object })),
      { ...ASSUMED, complete: true },
    );
    const store = new ManifestCertificates(
      buildTopology(set.map((object) => ({ object }))).objects,
      await ThrowAwayAuthority.create(),
    );
    await lab.answer(
      topology,
      store,
      set.filter(({ kind }) => kind === "Gateway"),
    );
    const expected = DIFFERENCES.map(({ title, envoy }) => `${title}: ${envoy}`);
    const limit = Date.now() + 20_000;
    let answers: string[] = [];
    while (Date.now() < limit && JSON.stringify(answers) !== JSON.stringify(expected))
      answers = await Promise.all(
        DIFFERENCES.map(
          async ({ title, request }) =>
            `${title}: ${difference(await lab.ask({ ...request, gateway: DIFFERENCES_GATEWAY }))}`,
        ),
      );
    assert.deepEqual(answers, expected);
  });
}

/** What must be the same in both answers. */
function essence({ status, backend, path, headers }: Answer) {
  return { status, backend, path, location: headers.location ?? null };
}

function baseObjects(): KubeObject[] {
  const service = (name: string): KubeObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: NAMESPACE },
    spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
  });
  const deployment = (name: string): KubeObject => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: NAMESPACE },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "app", image: `example.org/${name}:1`, ports: [{ containerPort: 8080 }] }] },
      },
    },
  });
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
    ...SERVICES.flatMap((name) => [service(name), deployment(name)]),
    service(NO_PODS),
    plainGateway(NAMESPACE, GATEWAY),
  ];
}

/** Answers by itself, with the number of the set that was applied before it. */
function markerRoute(generation: number): KubeObject {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "marker", namespace: NAMESPACE },
    spec: {
      parentRefs: [{ name: GATEWAY }],
      hostnames: [MARKER],
      rules: [
        {
          filters: [
            {
              type: "ResponseHeaderModifier",
              responseHeaderModifier: { set: [{ name: "x-generation", value: String(generation) }] },
            },
          ],
          backendRefs: [{ name: SERVICES[0] ?? "", port: 80 }],
        },
      ],
    },
  };
}
