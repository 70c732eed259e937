import { fields, fieldsList, textMap } from "../../manifests/fields.ts";
import { likelyMeant } from "../../topology/likely-pods.ts";
import type { BackendResolution, Endpoint, Service, Topology } from "../../topology/model.ts";
import { echoPort } from "../backends/echo.ts";
import type { BackendTarget } from "../matching/decision.ts";

/** Names a port of a Service in a reference. */
export interface ServicePortRef {
  readonly namespace: string;
  readonly name: string;
  readonly port: number | string | undefined;
}

/** Turns resolved references into targets; the failures are those that a client sees. */
export class BackendTargets {
  readonly #topology: Topology;
  readonly #selected: Set<unknown>;
  readonly #emptySlices: Set<string>;

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#selected = new Set(topology.services.flatMap((service) => service.workloads));
    this.#emptySlices = servicesWithEmptySlices(topology);
  }

  target(ref: ServicePortRef, resolution: BackendResolution): BackendTarget {
    const port = resolution.servicePort?.port;
    return {
      namespace: ref.namespace,
      service: ref.name,
      port: typeof port === "number" ? port : typeof ref.port === "number" ? ref.port : undefined,
      failure: this.#failure(ref, resolution),
    };
  }

  #failure(ref: ServicePortRef, resolution: BackendResolution): BackendTarget["failure"] {
    const name = `${ref.namespace}/${ref.name}`;
    if (resolution.reason !== undefined) {
      return { status: 500, why: `${resolution.reason}: ${resolution.detail}` };
    }
    const { service, endpoints } = resolution;
    if (service === undefined) return undefined;
    const why = this.#withoutEndpoints(service, endpoints);
    return why === undefined ? undefined : { status: 503, why: `Service ${name} has no endpoints: ${why}` };
  }

  /**
   * Why a Service has no pod that answers; undefined when it has, or when nothing is known about its pods: a set that is
   * not the whole cluster may leave workloads out. A workload that is likely meant is taken for a selector that misses.
   */
  #withoutEndpoints(service: Service, endpoints: readonly Endpoint[]): string | undefined {
    const { namespace, name, selector, workloads } = service;
    if (service.externalName !== undefined) return undefined;
    if (selector === undefined) {
      return this.#emptySlices.has(`${namespace}/${name}`) ? "its EndpointSlices are empty" : undefined;
    }
    if (workloads.length === 0) {
      const orphan = this.#topology.workloads.find(
        (w) => w.namespace === namespace && likelyMeant(service, w, this.#selected.has(w)),
      );
      if (!this.#topology.known.complete && orphan === undefined) return undefined;
      return `no pod has the labels ${labels(selector)}${orphan ? ` (${orphan.kind} ${orphan.name} has ${labels(orphan.labels)})` : ""}`;
    }
    const running = workloads.filter((workload) => workload.replicas > 0);
    if (running.length === 0) return `${workloads.map((w) => `${w.kind} ${w.name}`).join(", ")} has 0 replicas`;
    if (endpoints.length === 0) return "no container has the port that targetPort names";
    const open = endpoints.filter((endpoint) => listensOn(endpoint));
    return open.length === 0 ? `nothing listens on port ${endpoints[0]?.port} of its pods` : undefined;
  }
}

/** False when the image is known to listen on another port. */
function listensOn({ workload, container, port }: Endpoint): boolean {
  const containers = container === undefined ? workload.containers : [container];
  const ports = containers.map(echoPort);
  return ports.some((known) => known === undefined || known === port);
}

function labels(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** Services for which EndpointSlices are in the set, none of which holds a ready address. */
function servicesWithEmptySlices(topology: Topology): Set<string> {
  const ready = new Map<string, boolean>();
  for (const { object } of topology.objects.objects) {
    if (object.kind !== "EndpointSlice") continue;
    const service = textMap(object.metadata.labels)["kubernetes.io/service-name"];
    if (service === undefined) continue;
    const key = `${object.metadata.namespace ?? "default"}/${service}`;
    const some = fieldsList(object.endpoints).some((endpoint) => fields(endpoint.conditions).ready !== false);
    ready.set(key, (ready.get(key) ?? false) || some);
  }
  return new Set([...ready].filter(([, some]) => !some).map(([key]) => key));
}
