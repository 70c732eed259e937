import { isUnknown, UNKNOWN } from "../../manifests/unknown.ts";
import { likelyMeant } from "../../topology/likely-pods.ts";
import type { Service, ServicePort, Topology, Workload } from "../../topology/model.ts";
import { serviceUndecided } from "../../topology/services.ts";
import { error, type Finding } from "../finding.ts";
import { listed } from "../names.ts";

/** W29: every Service's selector finds pods, and its ports are ports of theirs; otherwise requests are answered 503. */
export function endpoints(topology: Topology): Finding[] {
  const missing = new MissingWorkloads(topology);
  return topology.services.flatMap((service) => {
    if (service.selector === undefined || service.type === "ExternalName" || serviceUndecided(service)) return [];
    if (isUnknown(service.namespace)) return [];
    if (service.workloads.length === 0) return missing.of(service);
    const stopped = noReplicas(service);
    return stopped.length > 0 ? stopped : service.ports.flatMap((port) => targetPort(service, port));
  });
}

/**
 * Tells a mistyped selector from a workload that is simply not in the set. In a complete set it is always a mistake;
 * in any other the set itself must show it: pods that nothing selects, a selector that all but matches, or pods of the
 * wrong namespace.
 */
class MissingWorkloads {
  readonly #topology: Topology;
  readonly #idle = new Map<string, Workload[]>();
  readonly #inNamespace = new Map<string, Workload[]>();
  /** True while a workload's namespace or labels are not known. */
  readonly #undecided: boolean;

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#undecided = topology.workloads.some(
      ({ labels, namespace }) => isUnknown(namespace) || Object.values(labels).some(isUnknown),
    );
    const selected = new Set(topology.services.flatMap(({ workloads }) => workloads));
    for (const workload of topology.workloads) {
      push(this.#inNamespace, workload.namespace, workload);
      if (!selected.has(workload)) push(this.#idle, workload.namespace, workload);
    }
  }

  of(service: Service): Finding[] {
    const { namespace, selector = {} } = service;
    if (this.#undecided) return [];
    const shown = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
    const found = (to: Workload | undefined, why: string, fix: string) => {
      const message = `selector ${listed(shown)} matches no pod template in namespace ${namespace}${why}: no endpoints, requests are answered 503`;
      return [error("W29", { from: service.ref, to: to?.ref ?? null, message, fix, path: "/spec/selector" })];
    };
    const here = this.#inNamespace.get(namespace) ?? [];
    const idle = this.#idle.get(namespace) ?? [];
    const near =
      idle.find((workload) => likelyMeant(service, workload, false)) ??
      here.find((workload) => likelyMeant(service, workload, !idle.includes(workload)));
    if (near !== undefined) {
      const labels = Object.entries(near.labels).map(([key, value]) => `${key}: ${value}`);
      return found(
        near,
        ` (${near.kind} ${near.name} has ${listed(labels)})`,
        `set selector: { ${labels.join(", ")} }`,
      );
    }
    for (const [elsewhere, workloads] of this.#idle) {
      const match = workloads.find(({ labels }) => Object.entries(selector).every(([k, v]) => labels[k] === v));
      if (match !== undefined)
        return found(match, ` (${match.kind} ${match.name} is in ${elsewhere})`, `put both in one namespace`);
    }
    if (!this.#topology.known.complete) return [];
    const fix = "add a Deployment whose pod template has these labels";
    return found(undefined, "", fix);
  }
}

function noReplicas(service: Service): Finding[] {
  if (service.workloads.some(({ replicas }) => replicas > 0)) return [];
  const [workload] = service.workloads;
  const message = `its pods have 0 replicas: no endpoints, requests are answered 503`;
  return [error("W29", { from: service.ref, to: workload?.ref ?? null, message, fix: "set replicas: 1 or more" })];
}

function targetPort(service: Service, { port, targetPort }: ServicePort): Finding[] {
  if (targetPort === UNKNOWN || isUnknown(targetPort)) return [];
  const ports = service.workloads.flatMap(({ containers }) => containers.flatMap((container) => container.ports));
  if (ports.some(({ containerPort, name }) => containerPort === UNKNOWN || isUnknown(name))) return [];
  const [workload] = service.workloads;
  if (workload === undefined) return [];
  const declared = [
    ...new Set(ports.map((p) => (p.name === undefined ? `${p.containerPort}` : `${p.containerPort} (${p.name})`))),
  ];
  const [first] = ports;
  const found = (message: string) => {
    const fix =
      first === undefined
        ? `declare the port in the container: ports: [{ name: ${targetPort}, containerPort: … }]`
        : `set targetPort: ${typeof targetPort === "string" ? (first.name ?? first.containerPort) : first.containerPort}`;
    return [error("W29", { from: service.ref, to: workload.ref, message, fix, path: "/spec/ports" })];
  };
  const where = `${workload.kind} ${workload.namespace}/${workload.name}`;
  if (typeof targetPort === "string") {
    if (ports.some(({ name }) => name === targetPort)) return [];
    return found(
      `targetPort ${targetPort} of its port ${port} is the name of no container port of ${where}: it has ${listed(declared)}`,
    );
  }
  // A number works undeclared, too; only ports that are declared elsewhere show a slip.
  if (ports.length === 0 || ports.some(({ containerPort }) => containerPort === targetPort)) return [];
  return found(
    `targetPort ${targetPort} of its port ${port} is no container port of ${where}: it has ${listed(declared)}`,
  );
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}
