import type { Ref } from "../manifests/object.ts";
import { backendTlsPolicies } from "./backend-tls.ts";
import { drawCertificates } from "./certificate-graph.ts";
import { GraphBuilder } from "./graph-builder.ts";
import type { Edge, Node, TlsState } from "./graph-model.ts";
import { isMeshGateway, isWaypoint } from "./mesh.ts";
import type {
  Attachment,
  BackendResolution,
  HttpMatch,
  Ingress,
  Listener,
  Model,
  Port,
  Route,
  RouteRule,
  Service,
  ServicePort,
} from "./model.ts";

const CLIENT = "client";

/** The wires between two nodes, as far as the caller does not say otherwise. */
const PLAIN = {
  ok: true,
  reason: undefined,
  hostnames: [],
  matches: [],
  weight: undefined,
  attachment: undefined,
  rule: undefined,
  backend: undefined,
  ingressPath: undefined,
} as const;

/** Draws the request paths and the certificate chains of a model; the order follows the model, so it is the same each time. */
export function drawGraph(model: Model): { nodes: Node[]; edges: Edge[] } {
  const graph = new GraphBuilder();
  const traffic = new TrafficGraph(model, graph);
  graph.node(CLIENT, { type: "client", namespace: null, label: "client", ref: undefined, sourced: undefined });
  for (const gateway of model.gateways) for (const listener of gateway.listeners) traffic.listener(listener);
  for (const route of model.routes) traffic.route(route);
  for (const ingress of model.ingresses) traffic.ingress(ingress);
  for (const service of model.services) traffic.innerService(service);
  drawCertificates(model, graph);
  return graph.graph;
}

class TrafficGraph {
  readonly #graph: GraphBuilder;
  readonly #tlsBackends: ReadonlySet<string>;

  constructor(model: Model, graph: GraphBuilder) {
    this.#graph = graph;
    this.#tlsBackends = backendTlsPolicies(model.objects);
  }

  listener(listener: Listener): void {
    const { gateway, protocol, port } = listener;
    const to = this.#listenerNode(listener);
    if (gateway === undefined || port === undefined || isWaypoint(gateway)) return;
    const address = this.#addressNode(`${gateway.namespace}/${gateway.name}`, gateway.namespace, gateway.ref, port);
    const tls = frontTls(listener);
    const hostnames = [listener.hostname ?? "*"];
    const wire = { ...PLAIN, type: "traffic", protocol, port, tls } as const;
    this.#graph.edge(tls, { ...wire, from: CLIENT, to: address });
    this.#graph.edge("", { ...wire, from: address, to, hostnames });
  }

  route(route: Route): void {
    const to = this.#graph.node(routeId(route), {
      type: "route",
      route,
      ingress: undefined,
      namespace: route.namespace,
      label: route.name,
      ref: route.ref,
      sourced: route.sourced,
    });
    const accepted = route.attachments.filter((attachment) => attachment.accepted);
    // A refusal is a broken wire only when the route asked for that listener, or when none took it.
    const refused = route.attachments.filter(
      (a) => !a.accepted && (accepted.length === 0 || a.parent.sectionName !== undefined),
    );
    for (const attachment of [...accepted, ...refused]) this.#attachment(attachment, to);
    for (const rule of route.rules) {
      for (const backend of rule.backends) {
        this.#backend(to, backend.resolution, {
          namespace: backend.namespace,
          name: backend.name,
          port: backend.port,
          tls: this.#backTls(accepted, backend.resolution),
          distinction: `${rule.index}.${backend.index}`,
          more: { matches: describeMatches(rule), weight: backend.weight, rule, backend },
        });
      }
    }
  }

  ingress(ingress: Ingress): void {
    const secure = ingress.sslPassthrough || ingress.tls.length > 0;
    const [port, protocol] = secure ? [443, "HTTPS"] : [80, "HTTP"];
    const tls: TlsState = ingress.sslPassthrough ? "passthrough" : secure ? "tls-to-gateway" : "clear";
    const controller = ingress.className ?? "ingress";
    const address = this.#addressNode(`ingress ${controller}`, null, undefined, port);
    const listener = this.#graph.node(`listener/ingress/${controller}/${port}`, {
      type: "listener",
      listener: undefined,
      gateway: undefined,
      namespace: null,
      label: protocol.toLowerCase(),
      ref: undefined,
      sourced: undefined,
    });
    const to = this.#graph.node(`route/Ingress/${ingress.namespace}/${ingress.name}`, {
      type: "route",
      route: undefined,
      ingress,
      namespace: ingress.namespace,
      label: ingress.name,
      ref: ingress.ref,
      sourced: ingress.sourced,
    });
    const wire = { ...PLAIN, type: "traffic", protocol, port, tls } as const;
    this.#graph.edge(tls, { ...wire, from: CLIENT, to: address });
    this.#graph.edge("", { ...wire, from: address, to: listener });
    this.#graph.edge("", { ...wire, from: listener, to, hostnames: ingress.rules.map(({ host }) => host ?? "*") });
    for (const rule of ingress.rules) {
      for (const path of rule.paths) {
        const { resolution, service, port } = path.backend;
        this.#backend(to, resolution, {
          namespace: ingress.namespace,
          name: service,
          port: typeof port === "number" ? port : undefined,
          tls: ingress.sslPassthrough ? "passthrough" : "clear",
          distinction: `${rule.index}.${path.index}`,
          more: { matches: [`${path.pathType} ${path.path}`], ingressPath: path, hostnames: [rule.host ?? "*"] },
        });
      }
    }
  }

  /** A Service that no route reaches is still drawn: applications call each other (bookinfo). */
  innerService(service: Service): void {
    for (const servicePort of service.ports) {
      const mesh = service.workloads.some((workload) => workload.ambient);
      const node = this.#serviceNode(service.namespace, service.name, servicePort.port, service, servicePort);
      this.#pods(node, service, servicePort, mesh ? "mesh-mtls" : "clear", true);
    }
  }

  #attachment(attachment: Attachment, to: string): void {
    const { listener, accepted, reason, hostnames } = attachment;
    const { protocol, port } = listener;
    this.#graph.edge("", {
      ...PLAIN,
      type: "traffic",
      from: this.#listenerNode(listener),
      to,
      protocol,
      port,
      tls: frontTls(listener),
      ok: accepted,
      reason,
      hostnames,
      attachment,
    });
  }

  #backend(
    from: string,
    resolution: BackendResolution,
    wire: {
      namespace: string;
      name: string;
      port: Port | undefined;
      tls: TlsState;
      distinction: string;
      more: Partial<Extract<Edge, { type: "traffic" }>>;
    },
  ): void {
    const { service, servicePort, reason } = resolution;
    const port = servicePort?.port ?? wire.port;
    const to = this.#serviceNode(wire.namespace, wire.name, port, service, servicePort);
    const { tls } = wire;
    const protocol = servicePort?.protocol ?? "TCP";
    const edge = { ...PLAIN, type: "traffic", from, to, protocol, port, tls } as const;
    this.#graph.edge(wire.distinction, { ...edge, ...wire.more, ok: reason === undefined, reason });
    if (service !== undefined && servicePort !== undefined) this.#pods(to, service, servicePort, tls, false);
  }

  readonly #podsDrawn = new Set<string>();

  #pods(from: string, service: Service, servicePort: ServicePort, tls: TlsState, onlyIfNone: boolean): void {
    if (onlyIfNone ? this.#podsDrawn.has(from) : this.#podsDrawn.has(`${from} ${tls}`)) return;
    this.#podsDrawn.add(from).add(`${from} ${tls}`);
    const wire = { ...PLAIN, type: "traffic", from, protocol: servicePort.protocol, tls } as const;
    for (const workload of service.workloads) {
      const endpoint = endpointOf(service, servicePort, workload.name);
      const port = endpoint ?? (typeof servicePort.targetPort === "number" ? servicePort.targetPort : undefined);
      const to = this.#graph.node(`pod/${workload.kind}/${workload.namespace}/${workload.name}:${port ?? "?"}`, {
        type: "pod",
        workload,
        port,
        namespace: workload.namespace,
        label: `${workload.name}:${port ?? "?"}`,
        ref: workload.ref,
        sourced: workload.sourced,
      });
      const ok = port !== undefined;
      this.#graph.edge(tls, { ...wire, to, port, ok, reason: ok ? undefined : "PortNotFound" });
    }
    if (service.workloads.length === 0 && service.selector !== undefined) {
      const to = this.#graph.node(`pod/?/${service.namespace}/${service.name}`, {
        type: "pod",
        workload: undefined,
        port: undefined,
        namespace: service.namespace,
        label: "pods not in the set",
        ref: undefined,
        sourced: undefined,
      });
      this.#graph.edge(tls, { ...wire, to, port: undefined });
    }
  }

  /** Behind a gateway: passthrough stays so; else TLS to the backend by policy; else the mesh's, if both ends are in it. */
  #backTls(accepted: readonly Attachment[], { service }: BackendResolution): TlsState {
    if (accepted.some(({ listener }) => frontTls(listener) === "passthrough")) return "passthrough";
    if (service === undefined) return "clear";
    if (this.#tlsBackends.has(`${service.namespace}/${service.name}`)) return "backend-tls";
    const mesh = accepted.some(({ listener }) => listener.gateway !== undefined && isMeshGateway(listener.gateway));
    return mesh && service.workloads.some((workload) => workload.ambient) ? "mesh-mtls" : "clear";
  }

  #addressNode(name: string, namespace: string | null, ref: Ref | undefined, port: Port): string {
    return this.#graph.node(`address/${name}:${port}`, {
      type: "address",
      port,
      address: undefined,
      namespace,
      label: `${name}:${port}`,
      ref,
      sourced: undefined,
    });
  }

  #listenerNode(listener: Listener): string {
    return this.#graph.node(`listener/${listener.id}`, {
      type: "listener",
      listener,
      gateway: listener.gateway,
      namespace: listener.namespace,
      label: listener.name,
      ref: listener.owner.ref,
      sourced: listener.owner.sourced,
    });
  }

  #serviceNode(
    namespace: string,
    name: string,
    port: Port | undefined,
    service: Service | undefined,
    servicePort: ServicePort | undefined,
  ): string {
    return this.#graph.node(`service/${namespace}/${name}:${port ?? "?"}`, {
      type: "service",
      service,
      servicePort,
      namespace,
      label: `${name}:${port ?? "?"}`,
      ref: { kind: "Service", namespace, name },
      sourced: service?.sourced,
    });
  }
}

/** Who can read what a client sends to a listener. */
export function frontTls(listener: Listener): TlsState {
  if (listener.protocol !== "HTTPS" && listener.protocol !== "TLS") return "clear";
  return listener.tls?.mode === "Passthrough" ? "passthrough" : "tls-to-gateway";
}

/** The id of a route's node. */
export function routeId(route: Route): string {
  return `route/${route.kind}/${route.namespace}/${route.name}`;
}

function endpointOf(service: Service, servicePort: ServicePort, workload: string): number | undefined {
  const { targetPort } = servicePort;
  if (typeof targetPort === "number") return targetPort;
  for (const container of service.workloads.find(({ name }) => name === workload)?.containers ?? []) {
    const named = container.ports.find(({ name }) => name === targetPort);
    if (typeof named?.containerPort === "number") return named.containerPort;
  }
  return undefined;
}

/** A rule's matches in words: "PathPrefix /mango", "GET Exact /login, header x-user = Exact ann". */
export function describeMatches(rule: RouteRule): string[] {
  return rule.matches.map(describeMatch);
}

function describeMatch({ method, path, headers, queryParams }: HttpMatch): string {
  const terms = [
    `${method === undefined ? "" : `${method} `}${path.type} ${path.value}`,
    ...headers.map(({ name, type, value }) => `header ${name} ${type} ${value}`),
    ...queryParams.map(({ name, type, value }) => `query ${name} ${type} ${value}`),
  ];
  return terms.join(", ");
}
