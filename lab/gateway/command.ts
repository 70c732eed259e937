import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { readManifests } from "../manifests/read.ts";
import { differences } from "../probe/expectation.ts";
import type { ProbeRequest } from "../probe/model.ts";
import pc from "../terminal/colours.ts";
import { manifestPaths, takesManifests } from "../terminal/manifest-arguments.ts";
import type { Topology } from "../topology/model.ts";
import { buildTopology } from "../topology/topology.ts";
import { StandIns } from "./backends/stand-ins.ts";
import { ManifestCertificates } from "./certificates/manifest-certificates.ts";
import { ThrowAwayAuthority } from "./certificates/throw-away.ts";
import { curlLines, describeAnswer, describePorts } from "./console.ts";
import { unplayedAnnotations } from "./plan/unplayed-annotations.ts";
import { probeThrough } from "./probing.ts";
import { readRequests } from "./requests-file.ts";
import { sampleRequests } from "./sample-requests.ts";
import { type RunningGateway, serve } from "./serve.ts";
import type { PortChoice } from "./serving/local-ports.ts";
import { formatTrace, type Trace } from "./trace.ts";

interface Options {
  readonly probe?: string;
  readonly json?: boolean;
  readonly ports: "local" | "listener";
  readonly virtualHosts?: boolean;
}

const CA_FILE = join("out", "serve", "ca.pem");

/** Where the program reads and writes; a test has its own. */
export interface Console {
  readonly stdin: NodeJS.ReadableStream;
  /** Whether a person reads standard output. */
  readonly isTerminal: boolean;
  out(text: string): void;
  /** One line for standard error. */
  say(message: string): void;
  /** Settles when the program is to end. */
  interrupted(): Promise<void>;
}

/**
 * `npm run serve`. Resolves to the exit code: 1 = an answer differs from what was expected.
 * @param args the arguments after the program's name
 * @throws VisibleError on bad input
 */
export async function serveCommand(args: readonly string[], io: Console): Promise<number> {
  const program = commandLine();
  const paths = manifestPaths(program, args);
  if (paths === undefined) return 0;
  const options = program.opts<Options>();
  const requests = options.probe === undefined ? undefined : await readRequests(options.probe);
  const topology = buildTopology(await readManifests(paths, io.stdin));
  for (const remark of requests?.remarks ?? []) io.say(remark);
  const { json = false } = options;
  if (requests === undefined) {
    const onTrace = (trace: Trace) => io.out(`${json ? JSON.stringify(trace) : formatTrace(trace)}\n`);
    const gateway = await start(topology, options, options.ports, onTrace, io);
    await announce(gateway, topology, json, io);
    await io.interrupted();
    await gateway.close();
    return 0;
  }
  const traces: Trace[] = [];
  const gateway = await start(topology, options, "any", (trace) => traces.push(trace), io);
  try {
    return await probeAll(gateway, requests.requests, traces, json || !io.isTerminal, io);
  } finally {
    await gateway.close();
  }
}

function commandLine(): Command {
  return takesManifests(new Command("serve"))
    .description("Serves Gateway API and Ingress manifests on loopback, with stand-ins for the backends")
    .option("--probe <requests.json>", "make these requests, print the answers and end")
    .option("--json", "print JSON")
    .addOption(
      new Option("--ports <which>", "local = unprivileged ones, listener = the listeners' own")
        .choices(["local", "listener"])
        .default("local"),
    )
    .option("--virtual-hosts", "let the most specific hostname alone decide, as Envoy and NGINX do");
}

async function start(
  topology: Topology,
  options: Options,
  ports: PortChoice,
  onTrace: (trace: Trace) => void,
  { say }: Console,
): Promise<RunningGateway> {
  const issued = ({ namespace, name }: { namespace: string; name: string }) =>
    say(`Secret ${namespace}/${name} is not in the manifests: issued by a throw-away CA`);
  const certificates = new ManifestCertificates(topology.objects, await ThrowAwayAuthority.create(undefined, issued));
  const backends = await StandIns.start(topology, certificates);
  const { virtualHosts = false } = options;
  for (const remark of unplayedAnnotations(topology)) say(remark);
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
  { out, say }: Console,
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
      out(`${describeAnswer(request, answer, found).join("\n")}\n`);
    }
  }
  if (json) out(`${JSON.stringify(results, null, 2)}\n`);
  if (unmet > 0) say(pc.red(`${unmet} of ${requests.length} answers differ from what was expected`));
  return unmet > 0 ? 1 : 0;
}

async function announce(gateway: RunningGateway, topology: Topology, json: boolean, { out }: Console): Promise<void> {
  await mkdir(join("out", "serve"), { recursive: true });
  await writeFile(CA_FILE, gateway.trusted().join("\n"));
  if (json) {
    const ports = gateway.ports.map(({ owner, port, local, listeners, refused }) => {
      return { owner, port, local, listeners: listeners.map(({ name }) => name), refused };
    });
    out(`${JSON.stringify({ ports, ca: CA_FILE })}\n`);
    return;
  }
  const lines = [...describePorts(gateway.ports), "", ...curlLines(gateway, sampleRequests(topology), CA_FILE), ""];
  if (gateway.ports.length === 0) lines.unshift("no Gateway and no Ingress in the manifests: nothing listens");
  out(`${lines.join("\n")}\nCtrl-C ends it.\n\n`);
}
