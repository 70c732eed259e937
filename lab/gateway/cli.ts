import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import pc from "picocolors";
import { readManifests } from "../manifests/read.ts";
import { differences } from "../probe/expectation.ts";
import type { ProbeRequest } from "../probe/model.ts";
import { runMain } from "../terminal/main.ts";
import type { Topology } from "../topology/model.ts";
import { buildTopology } from "../topology/topology.ts";
import { StandIns } from "./backends/stand-ins.ts";
import { ManifestCertificates } from "./certificates/manifest-certificates.ts";
import { ThrowAwayAuthority } from "./certificates/throw-away.ts";
import { curlLines, describeAnswer, describePorts } from "./console.ts";
import { probeThrough } from "./probing.ts";
import { readRequests } from "./requests-file.ts";
import { sampleRequests } from "./sample-requests.ts";
import { type RunningGateway, serve } from "./serve.ts";
import type { PortChoice } from "./serving/local-ports.ts";
import { formatTrace, type Trace } from "./trace.ts";

interface Options {
  readonly file: string[];
  readonly probe?: string;
  readonly json?: boolean;
  readonly ports: "local" | "listener";
  readonly virtualHosts?: boolean;
}

const CA_FILE = join("out", "serve", "ca.pem");

const program = new Command("serve")
  .description("Serves Gateway API and Ingress manifests on loopback, with stand-ins for the backends")
  .requiredOption("-f, --file <path...>", "manifests: YAML or JSON file, directory, or - for standard input")
  .option("--probe <requests.json>", "make these requests, print the answers and end")
  .option("--json", "print JSON")
  .addOption(
    new Option("--ports <which>", "local = unprivileged ones, listener = the listeners' own")
      .choices(["local", "listener"])
      .default("local"),
  )
  .option("--virtual-hosts", "let the most specific hostname alone decide, as Envoy and NGINX do")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

void runMain(async () => {
  const options = program.parse().opts<Options>();
  const requests = options.probe === undefined ? undefined : await readRequests(options.probe);
  const topology = buildTopology(await readManifests(options.file));
  for (const remark of requests?.remarks ?? []) say(remark);
  const traces: Trace[] = [];
  const onTrace =
    requests === undefined ? (trace: Trace) => log(trace, options.json) : (trace: Trace) => traces.push(trace);
  const gateway = await start(topology, options, requests === undefined ? options.ports : "any", onTrace);
  if (requests !== undefined) {
    try {
      return await probeAll(gateway, requests.requests, traces, options.json ?? !process.stdout.isTTY);
    } finally {
      await gateway.close();
    }
  }
  await announce(gateway, topology, options.json);
  await interrupted();
  await gateway.close();
  return 0;
});

async function start(
  topology: Topology,
  options: Options,
  ports: PortChoice,
  onTrace: (trace: Trace) => void,
): Promise<RunningGateway> {
  const issued = ({ namespace, name }: { namespace: string; name: string }) =>
    say(`Secret ${namespace}/${name} is not in the manifests: issued by a throw-away CA`);
  const certificates = new ManifestCertificates(topology.objects, await ThrowAwayAuthority.create(undefined, issued));
  const backends = await StandIns.start(topology, certificates);
  const { virtualHosts = false } = options;
  const gateway = await serve(topology, { certificates, backends, ports, virtualHosts, onTrace });
  for (const port of gateway.ports) {
    for (const { name, why } of port.refused)
      say(`${port.owner.kind} ${port.owner.name}, listener ${name} does not serve: ${why}`);
  }
  return gateway;
}

/** Answers in the order of the requests; 1 when an expectation is not met. */
async function probeAll(
  gateway: RunningGateway,
  requests: readonly ProbeRequest[],
  traces: Trace[],
  json: boolean,
): Promise<number> {
  const results: object[] = [];
  let unmet = 0;
  for (const request of requests) {
    traces.length = 0;
    const { chain: _, ...answer } = await probeThrough(gateway, request);
    // The gateway's side of the exchange may end a moment after the client's.
    await new Promise((resolve) => setImmediate(resolve));
    const found = differences(request.expect, answer);
    if (found.length > 0) unmet += 1;
    if (json) {
      const trace = traces.at(-1);
      results.push({ ...answer, ...(found.length > 0 ? { differences: found } : {}), ...(trace ? { trace } : {}) });
    } else {
      process.stdout.write(`${describeAnswer(request, answer, found).join("\n")}\n`);
    }
  }
  if (json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  if (unmet > 0) say(pc.red(`${unmet} of ${requests.length} answers differ from what was expected`));
  return unmet > 0 ? 1 : 0;
}

async function announce(gateway: RunningGateway, topology: Topology, json = false): Promise<void> {
  await mkdir(join("out", "serve"), { recursive: true });
  await writeFile(CA_FILE, gateway.trusted().join("\n"));
  if (json) {
    const ports = gateway.ports.map(({ owner, port, local, listeners, refused }) => {
      return { owner, port, local, listeners: listeners.map(({ name }) => name), refused };
    });
    process.stdout.write(`${JSON.stringify({ ports, ca: CA_FILE })}\n`);
    return;
  }
  const lines = [...describePorts(gateway.ports), "", ...curlLines(gateway, sampleRequests(topology), CA_FILE), ""];
  if (gateway.ports.length === 0) lines.unshift("no Gateway and no Ingress in the manifests: nothing listens");
  process.stdout.write(`${lines.join("\n")}\nCtrl-C ends it.\n\n`);
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

function log(trace: Trace, json = false): void {
  process.stdout.write(`${json ? JSON.stringify(trace) : formatTrace(trace)}\n`);
}

function say(message: string): void {
  process.stderr.write(`${message}\n`);
}
