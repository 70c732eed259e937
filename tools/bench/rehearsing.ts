import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseManifests } from "../../lab/manifests/parse.ts";
import { writeFiles } from "../../lab/rehearsal/output-files.ts";
import { prepare, run } from "../../lab/rehearsal/prepare.ts";
import { stage } from "../../lab/rehearsal/rehearsal.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import { check } from "../../lab/wiring/check.ts";
import type { Tell } from "./planning.ts";
import { atMost, type Verdict } from "./verdict.ts";

/** The whole rehearsal of learn-05 (plan, check, serve, answers, pictures) against its plan alone, wall clock. */
export async function benchRehearsal(rounds: number, tell: Tell): Promise<Verdict[]> {
  const directory = await mkdtemp(join(tmpdir(), "learn-bench-"));
  const prepared = await prepare("learn-05");
  const whole: number[] = [];
  const plan: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const start = performance.now();
    const rehearsed = await run(prepared);
    const planned = performance.now();
    const rehearsal = await stage(rehearsed, prepared.prototype, { directory });
    await writeFiles(rehearsal, directory);
    const end = performance.now();
    await rehearsal.gateway.close();
    // The first round pays for modules that are loaded once.
    if (round === 0) continue;
    plan.push(planned - start);
    whole.push(end - start);
    tell(
      `rehearsed learn-05 in ${((end - start) / 1000).toFixed(1)} s, ${((planned - start) / 1000).toFixed(1)} s of it the plan`,
    );
  }
  await rm(directory, { recursive: true });
  return [atMost("rehearsal of learn-05 ÷ its plan alone", Math.min(...whole) / Math.min(...plan), 2)];
}

/** CPU time of checking 10, 100 and 1000 routes. */
export async function benchCheck(tell: Tell): Promise<Verdict[]> {
  const seconds = new Map<number, number>();
  for (const routes of [10, 10, 100, 1000]) {
    const { objects } = parseManifests(routesText(routes), "bench");
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const before = process.cpuUsage();
      await check(buildTopology(objects));
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1e6);
    }
    seconds.set(routes, Math.min(...times));
    tell(`checked ${routes} routes in ${Math.min(...times).toFixed(3)} s CPU`);
  }
  const of = (routes: number) => seconds.get(routes) ?? 0;
  return [
    atMost("check of 1000 routes, CPU", of(1000), 1, "s"),
    atMost("check of 1000 routes ÷ of 100", of(1000) / of(100), 12),
  ];
}

/** Routes on 200 hosts behind one Gateway, each with a Service and Deployment of its own. */
function routesText(routes: number): string {
  const namespace = "bench";
  const items: object[] = [
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "edge", namespace },
      spec: { gatewayClassName: "istio", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
    },
  ];
  for (let at = 0; at < routes; at += 1) {
    const name = `app-${at}`;
    const labels = { app: name };
    const container = { name: "app", image: "hashicorp/http-echo:1.0.0", ports: [{ containerPort: 5678 }] };
    items.push(
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name, namespace },
        spec: {
          parentRefs: [{ name: "edge" }],
          hostnames: [`host-${at % 200}.example.com`],
          rules: [
            { matches: [{ path: { type: "PathPrefix", value: `/${name}` } }], backendRefs: [{ name, port: 80 }] },
          ],
        },
      },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name, namespace },
        spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: 5678 }] },
      },
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, namespace },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [container] } },
        },
      },
    );
  }
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}
