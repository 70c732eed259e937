import { type Fields, fields, fieldsAt, fieldsList, number, text, textList, textMap } from "../manifests/fields.ts";
import { namespaceOf, refOf, type Sourced } from "../manifests/object.ts";
import { KINDS, type ObjectIndex } from "../manifests/object-index.ts";
import { isUnknown, UNKNOWN } from "../manifests/unknown.ts";
import type { Container, Endpoint, Service, ServicePort, Workload } from "./model.ts";
import type { Labels } from "./namespaces.ts";
import { port } from "./values.ts";

const POD_LABEL_OF_MESH = "istio.io/dataplane-mode";

/** Everything of a set that makes pods, in the order of kinds and objects. */
export function readWorkloads(objects: ObjectIndex, labels: ReadonlyMap<string, Labels>): Workload[] {
  const kinds = [KINDS.deployment, KINDS.statefulSet, KINDS.daemonSet, KINDS.replicaSet, KINDS.pod];
  return kinds.flatMap((kind) => objects.all(kind)).map((sourced) => readWorkload(sourced, labels));
}

function readWorkload(sourced: Sourced, namespaces: ReadonlyMap<string, Labels>): Workload {
  const { object } = sourced;
  const spec = fields(object.spec);
  const pod = object.kind === "Pod" ? fields(object) : fields(spec.template);
  const podSpec = fields(pod.spec);
  const labels = textMap(fieldsAt(pod, "metadata").labels);
  const namespace = namespaceOf(object) ?? "";
  const mode = labels[POD_LABEL_OF_MESH] ?? namespaces.get(namespace)?.[POD_LABEL_OF_MESH];
  return {
    ref: refOf(object),
    sourced,
    kind: object.kind,
    namespace,
    name: object.metadata.name,
    labels,
    replicas: number(spec.replicas) ?? 1,
    serviceAccountName: text(podSpec.serviceAccountName) ?? "default",
    containers: [...fieldsList(podSpec.containers), ...sidecars(podSpec)].map(readContainer),
    ambient: mode === "ambient",
    podSpec,
  };
}

/** Init containers that run as long as the pod does (Kubernetes' native sidecars). */
function sidecars(podSpec: Fields): Fields[] {
  return fieldsList(podSpec.initContainers).filter(({ restartPolicy }) => restartPolicy === "Always");
}

function readContainer(raw: Fields): Container {
  const env: Record<string, string> = {};
  for (const { name, value } of fieldsList(raw.env)) {
    if (typeof name === "string" && typeof value === "string") env[name] = value;
  }
  return {
    name: text(raw.name) ?? "",
    image: text(raw.image) ?? "",
    command: textList(raw.command),
    args: textList(raw.args),
    ports: fieldsList(raw.ports).flatMap((entry) => {
      const containerPort = port(entry.containerPort);
      if (containerPort === undefined) return [];
      return [{ name: text(entry.name), containerPort, protocol: text(entry.protocol) ?? "TCP" }];
    }),
    env,
    raw,
  };
}

/** The Services of a set, each with the workloads that its selector matches. */
export function readServices(objects: ObjectIndex, workloads: readonly Workload[]): Service[] {
  const byLabel = new Map<string, Workload[]>();
  for (const workload of workloads) {
    for (const [key, value] of Object.entries(workload.labels)) {
      const at = `${workload.namespace}/${key}=${value}`;
      const matching = byLabel.get(at);
      if (matching === undefined) byLabel.set(at, [workload]);
      else matching.push(workload);
    }
  }
  return objects.all(KINDS.service).map((sourced) => readService(sourced, byLabel));
}

function readService(sourced: Sourced, byLabel: ReadonlyMap<string, readonly Workload[]>): Service {
  const { object } = sourced;
  const spec = fields(object.spec);
  const namespace = namespaceOf(object) ?? "";
  const pairs = Object.entries(textMap(spec.selector));
  const [first] = pairs;
  const candidates = first === undefined ? [] : (byLabel.get(`${namespace}/${first[0]}=${first[1]}`) ?? []);
  return {
    ref: refOf(object),
    sourced,
    namespace,
    name: object.metadata.name,
    type: text(spec.type) ?? "ClusterIP",
    externalName: text(spec.externalName),
    selector: first === undefined ? undefined : Object.fromEntries(pairs),
    ports: fieldsList(spec.ports).flatMap(readServicePort),
    workloads: candidates.filter((workload) => pairs.every(([key, value]) => workload.labels[key] === value)),
  };
}

function readServicePort(raw: Fields): ServicePort[] {
  const servicePort = port(raw.port);
  if (servicePort === undefined) return [];
  const target = typeof raw.targetPort === "string" || typeof raw.targetPort === "number" ? raw.targetPort : undefined;
  return [
    {
      name: text(raw.name),
      port: servicePort,
      targetPort: target ?? servicePort,
      protocol: text(raw.protocol) ?? "TCP",
      appProtocol: text(raw.appProtocol),
    },
  ];
}

/** Where a Service's port leads in each of its workloads; a workload whose containers lack a named port is left out. */
export function endpointsOf(service: Service, servicePort: ServicePort): Endpoint[] {
  return service.workloads.flatMap((workload): Endpoint[] => {
    const { targetPort } = servicePort;
    if (targetPort === UNKNOWN) return [];
    for (const container of workload.containers) {
      for (const { name, containerPort } of container.ports) {
        if (containerPort === UNKNOWN) continue;
        if (targetPort === name || targetPort === containerPort) return [{ workload, container, port: containerPort }];
      }
    }
    return typeof targetPort === "number" ? [{ workload, container: undefined, port: targetPort }] : [];
  });
}

/** True when a part of a Service that decides where it leads is not known yet. */
export function serviceUndecided(service: Service): boolean {
  return Object.values(service.selector ?? {}).some(isUnknown);
}
