import http from "node:http";
import type { AddressInfo } from "node:net";
import { createProxyServer } from "httpxy";
import { parseManifests } from "../manifests/parse.ts";
import { buildTopology } from "../topology/topology.ts";
import type { Backends } from "./backends/backends.ts";
import { StandIns } from "./backends/stand-ins.ts";
import { ThrowAwayAuthority } from "./certificates/throw-away.ts";
import { type RunningGateway, serve } from "./serve.ts";

/** What a measurement of the gateway found; every ratio is of this one run on this machine. */
export interface GatewayBench {
  /** Requests a second with one route, with 1000 routes on 200 hosts, and through httpxy alone. */
  readonly perSecond: { readonly one: number; readonly thousand: number; readonly bare: number };
  /** Throughput with 1000 routes on 200 hosts ÷ with one route. Wanted: ≥ 0.9. */
  readonly manyToOne: number;
  /** Throughput with 1000 routes ÷ of httpxy with no routing. Wanted: ≥ 0.7. */
  readonly toBare: number;
  /** Milliseconds from topology to listening, by number of routes. */
  readonly startUp: Readonly<Record<number, number>>;
}

/** Milliseconds of load in each turn; turns of the three candidates alternate so that noise meets all alike. */
const TURN = 700;
const TURNS = 5;
const CONNECTIONS = 16;

/** Measures throughput and start-up of the gateway over loopback. */
export async function benchGateway(): Promise<GatewayBench> {
  const backend = await startBackend();
  const one = await running(1, 1, backend);
  const thousand = await running(1000, 200, backend);
  const bare = await bareProxy(backend.port);
  const targets = {
    one: { port: portOf(one.gateway), requests: requestsFor(1, 1) },
    thousand: { port: portOf(thousand.gateway), requests: requestsFor(1000, 200) },
    bare: { port: bare.port, requests: requestsFor(1, 1) },
  };
  const counts = { one: [] as number[], thousand: [] as number[], bare: [] as number[] };
  for (const target of Object.values(targets)) await load(target.port, target.requests, 300);
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const name of ["one", "thousand", "bare"] as const) {
      counts[name].push(await load(targets[name].port, targets[name].requests, TURN));
    }
  }
  await Promise.all([one.gateway.close(), thousand.gateway.close(), bare.close(), backend.end()]);
  const perSecond = { one: median(counts.one), thousand: median(counts.thousand), bare: median(counts.bare) };
  const startUp: Record<number, number> = {};
  for (const routes of [10, 100, 1000]) startUp[routes] = await startUpTime(routes);
  return {
    perSecond,
    manyToOne: perSecond.thousand / perSecond.one,
    toBare: perSecond.thousand / perSecond.bare,
    startUp,
  };
}

/** Lines for a terminal. */
export function formatGatewayBench(bench: GatewayBench): string[] {
  const { perSecond, manyToOne, toBare, startUp } = bench;
  const starts = Object.entries(startUp).map(([routes, ms]) => `${routes} routes ${ms.toFixed(0)} ms`);
  return [
    `gateway throughput: ${perSecond.one.toFixed(0)}/s with 1 route, ${perSecond.thousand.toFixed(0)}/s with 1000 routes on 200 hosts, ${perSecond.bare.toFixed(0)}/s through httpxy alone`,
    `  1000 routes ÷ 1 route: ${manyToOne.toFixed(2)} (≥ 0.9)   1000 routes ÷ httpxy alone: ${toBare.toFixed(2)} (≥ 0.7)`,
    `gateway start-up: ${starts.join(", ")}`,
  ];
}

function manifests(routes: number, hosts: number): string {
  const objects: object[] = [
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "edge", namespace: "bench" },
      spec: { gatewayClassName: "istio", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "app", namespace: "bench" },
      spec: { selector: { app: "app" }, ports: [{ port: 80, targetPort: 5678 }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "app", namespace: "bench" },
      spec: {
        template: {
          metadata: { labels: { app: "app" } },
          spec: { containers: [{ name: "c", image: "hashicorp/http-echo", ports: [{ containerPort: 5678 }] }] },
        },
      },
    },
  ];
  for (let i = 0; i < routes; i += 1) {
    objects.push({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: `route-${i}`, namespace: "bench" },
      spec: {
        parentRefs: [{ name: "edge" }],
        hostnames: [`host-${i % hosts}.example.com`],
        rules: [
          {
            matches: [{ path: { type: "PathPrefix", value: `/api/v1/app-${Math.floor(i / hosts)}` } }],
            backendRefs: [{ name: "app", port: 80 }],
          },
        ],
      },
    });
  }
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
}

function requestsFor(routes: number, hosts: number): { host: string; path: string }[] {
  return Array.from({ length: Math.min(routes, 500) }, (_, i) => {
    const at = (i * 7) % routes;
    return { host: `host-${at % hosts}.example.com`, path: `/api/v1/app-${Math.floor(at / hosts)}/items/${i}` };
  });
}

async function running(
  routes: number,
  hosts: number,
  backend?: Backends,
): Promise<{ gateway: RunningGateway; startUp: number }> {
  const topology = buildTopology(parseManifests(manifests(routes, hosts), "bench").objects);
  const certificates = await ThrowAwayAuthority.create();
  const started = performance.now();
  const backends = backend ?? (await StandIns.start(topology, certificates));
  const gateway = await serve(topology, { certificates, backends });
  return { gateway, startUp: performance.now() - started };
}

async function startUpTime(routes: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    const { gateway, startUp } = await running(routes, Math.min(routes, 200));
    times.push(startUp);
    await gateway.close();
  }
  return median(times);
}

function portOf(gateway: RunningGateway): number {
  return gateway.ports[0]?.local?.port ?? 0;
}

/** The one backend of all three candidates. */
async function startBackend(): Promise<Backends & { readonly port: number; end(): Promise<void> }> {
  const server = http.createServer((_, res) => {
    res.writeHead(200, { "content-type": "text/plain; charset=utf-8", "content-length": 11 });
    res.end("hello-world");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  return {
    port: address.port,
    http: () => address,
    tcp: async () => address,
    close: async () => {},
    end: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The same library between the same client and the same backend, without any routing. */
async function bareProxy(port: number): Promise<{ port: number; close: () => Promise<void> }> {
  const target = { protocol: "http:", host: "127.0.0.1", port };
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1024, maxFreeSockets: 256 });
  const proxy = createProxyServer({ agent });
  const front = http.createServer((req, res) => void proxy.web(req, res, { target }).catch(() => res.destroy()));
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  return {
    port: (front.address() as AddressInfo).port,
    close: async () => {
      agent.destroy();
      front.closeAllConnections();
      front.close();
    },
  };
}

/** Requests a second that a closed loop of clients gets through in `milliseconds`. */
async function load(port: number, requests: readonly { host: string; path: string }[], milliseconds: number) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const until = performance.now() + milliseconds;
  let done = 0;
  const client = async (first: number) => {
    for (let i = first; performance.now() < until; i += CONNECTIONS) {
      const request = requests[i % requests.length];
      if (request === undefined) return;
      await get(agent, port, request.host, request.path);
      done += 1;
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, i) => client(i)));
  agent.destroy();
  return (done * 1000) / (performance.now() - started);
}

function get(agent: http.Agent, port: number, host: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const req = http.get({ agent, host: "127.0.0.1", port, path, headers: { host } }, (res) => {
      if (res.statusCode !== 200) reject(new Error(`${host}${path} was answered ${res.statusCode}`));
      res.resume().on("end", resolve);
    });
    req.on("error", reject);
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
