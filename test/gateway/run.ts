import { StandIns } from "../../lab/gateway/backends/stand-ins.ts";
import { ManifestCertificates } from "../../lab/gateway/certificates/manifest-certificates.ts";
import { ThrowAwayAuthority } from "../../lab/gateway/certificates/throw-away.ts";
import { probeThrough } from "../../lab/gateway/probing.ts";
import { type RunningGateway, type ServeOptions, serve } from "../../lab/gateway/serve.ts";
import type { Trace } from "../../lab/gateway/trace.ts";
import { parseManifests } from "../../lab/manifests/parse.ts";
import type { Answer, ProbeRequest } from "../../lab/probe/model.ts";
import { ASSUMED, type Known } from "../../lab/topology/known.ts";
import type { Topology } from "../../lab/topology/model.ts";
import { buildTopology } from "../../lab/topology/topology.ts";

/** A gateway that serves manifests given as text, and what it saw. */
export interface Run {
  readonly gateway: RunningGateway;
  readonly topology: Topology;
  readonly authority: ThrowAwayAuthority;
  readonly traces: Trace[];
  /** `ask("https://a.example.com:8443/path")`; the rest is merged in. */
  ask(url: string, more?: Partial<ProbeRequest>): Promise<Answer>;
  close(): Promise<void>;
}

/** The topology of YAML text; throws when it cannot be read. */
export function topologyOf(yaml: string, known: Known = ASSUMED): Topology {
  const { objects, mistakes } = parseManifests(yaml, "test.yaml");
  if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
  return buildTopology(objects, known);
}

/** Serves manifests with stand-ins and a throw-away authority. */
export async function run(yaml: string, options: Partial<ServeOptions> = {}, known?: Known): Promise<Run> {
  const topology = topologyOf(yaml, known);
  const authority = await ThrowAwayAuthority.create();
  const certificates = options.certificates ?? new ManifestCertificates(topology.objects, authority);
  const traces: Trace[] = [];
  const gateway = await serve(topology, {
    certificates,
    backends: options.backends ?? (await StandIns.start(topology, certificates)),
    onTrace: (trace) => traces.push(trace),
    ...options,
  });
  return {
    gateway,
    topology,
    authority,
    traces,
    ask: (url, more) => probeThrough(gateway, { ...requestFor(url), ...more }),
    close: () => gateway.close(),
  };
}

/** A probe request for a URL; the port is the scheme's own unless given. */
export function requestFor(url: string): ProbeRequest {
  const [, scheme, host = "", port, path] = /^(https?):\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(url) ?? [];
  const usual = scheme === "https" ? 443 : 80;
  return {
    scheme: scheme === "https" ? "https" : "http",
    host,
    port: port === undefined ? usual : Number(port),
    path: path ?? "/",
  };
}

/** A Service of namespace `infra` unless given, of whose pods nothing is known. */
export function service(name: string, port = 8080, namespace = "infra"): string {
  return `---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [{ port: ${port} }] }
`;
}
