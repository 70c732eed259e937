import type { Topology } from "../topology/model.ts";
import type { Backends } from "./backends/backends.ts";
import type { CertificateStore } from "./certificates/store.ts";
import { evenly, type Random } from "./matching/weights.ts";
import { planGateway } from "./plan/gateway-plan.ts";
import type {
  AddressOwner,
  CertificateSource,
  GatewayPlan,
  ListenerPlan,
  PortPlan,
  RefusedListener,
} from "./plan/model.ts";
import { DEFAULT_LIMITS, type Limits } from "./serving/limits.ts";
import { listenOn, type PortChoice } from "./serving/local-ports.ts";
import { type PortContext, PortServer } from "./serving/port-server.ts";
import { BackendProxy } from "./serving/proxy.ts";
import type { Trace } from "./trace.ts";

/** How a gateway is run. */
export interface ServeOptions {
  readonly certificates: CertificateStore;
  readonly backends: Backends;
  /** @default "any" – see {@link PortChoice} */
  readonly ports?: PortChoice;
  /** Chooses among weights. @default evenly spread numbers */
  readonly random?: Random;
  readonly limits?: Partial<Limits>;
  /** See IndexOptions.virtualHosts. */
  readonly virtualHosts?: boolean;
  /** Told what became of each request and each refused or passed-through connection. */
  readonly onTrace?: (trace: Trace) => void;
}

/** A port of a Gateway (or the Ingress controller) and the local address that stands for it. */
export interface ServedPort {
  readonly owner: AddressOwner;
  /** As in the manifest. */
  readonly port: number;
  readonly transport: "clear" | "tls";
  readonly listeners: readonly ListenerPlan[];
  readonly refused: readonly RefusedListener[];
  /** Undefined: no listener of the port serves, connections are refused. */
  readonly local: { readonly host: string; readonly port: number } | undefined;
}

/** Gateways that listen on loopback until they are closed. */
export interface RunningGateway {
  readonly ports: readonly ServedPort[];
  /** Certificates (PEM) with which clients verify what was served so far. */
  trusted(): readonly string[];
  /** Open connections, all ports together. */
  connections(): number;
  /** Ends everything at once, the backends too. */
  close(): Promise<void>;
}

/**
 * Serves every listener of every Gateway, and the Ingresses, on real loopback sockets. A listener whose certificates
 * cannot be used is refused, as a controller does it, and the others serve.
 * @throws VisibleError when a real port was asked for and is taken or forbidden
 */
export async function serve(topology: Topology, options: ServeOptions): Promise<RunningGateway> {
  const { certificates, backends, random = evenly(), onTrace, virtualHosts = false } = options;
  const plan = withUsableCertificates(planGateway(topology, { random, virtualHosts }), certificates);
  let requests = 0;
  const proxy = new BackendProxy();
  const context: PortContext = {
    proxy,
    backends,
    store: certificates,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    random,
    onTrace,
    nextId: () => String(++requests),
  };
  const servers: PortServer[] = [];
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()));
    proxy.close();
    await backends.close();
  };
  try {
    const ports: ServedPort[] = [];
    for (const { owner, port, transport, listeners, refused, ...rest } of plan.ports) {
      let local: ServedPort["local"];
      if (listeners.length > 0) {
        const server = new PortServer({ owner, port, transport, listeners, refused, ...rest }, context);
        servers.push(server);
        local = await listenOn(server, ports, options.ports ?? "any");
      }
      ports.push({ owner, port, transport, listeners, refused, local });
    }
    return {
      ports,
      trusted: () => certificates.trusted(),
      connections: () => servers.reduce((sum, server) => sum + server.connections, 0),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Moves listeners all of whose Secrets are unusable to the refused ones. */
function withUsableCertificates(plan: GatewayPlan, store: CertificateStore): GatewayPlan {
  return { ports: plan.ports.map((port) => refuseUnusable(port, store)) };
}

function refuseUnusable(port: PortPlan, store: CertificateStore): PortPlan {
  const refused = [...port.refused];
  const listeners = port.listeners.flatMap((listener): ListenerPlan[] => {
    const { mode, name, protocol, hostname } = listener;
    if (mode.type !== "https" && mode.type !== "tls-terminate") return [listener];
    const { all } = mode.certificates;
    const usable = all.filter((use) => store.problem(use) === undefined);
    if (usable.length === all.length) return [listener];
    const isController = mode.type === "https" && !mode.checkHost;
    if (usable.length === 0 && !isController) {
      const [first] = all;
      refused.push({ name, protocol, hostname, why: (first && store.problem(first)) ?? "no certificate" });
      return [];
    }
    const certificates: CertificateSource = {
      all: usable,
      secretFor: (sni) => {
        const use = mode.certificates.secretFor(sni);
        return use === undefined || usable.includes(use) ? use : isController ? undefined : usable[0];
      },
    };
    return [{ ...listener, mode: { ...mode, certificates } }];
  });
  return { ...port, listeners, refused };
}
