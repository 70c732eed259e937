import { KINDS, type ObjectIndex } from "../manifests/object-index.ts";
import { isUnknown, UNKNOWN } from "../manifests/unknown.ts";
import type { GrantFrom, ReferenceGrants } from "./grants.ts";
import type { BackendReason, BackendResolution, GroupKind, Port, Service, ServicePort } from "./model.ts";
import { endpointsOf } from "./services.ts";

interface Target extends GroupKind {
  readonly namespace: string;
  readonly name: string;
  readonly port: Port | string | undefined;
}

/** Kinds other than Service that GEPs define as backends; the set cannot say where they lead. */
const OTHER_BACKENDS = new Set([
  "ServiceImport.multicluster.x-k8s.io",
  "InferencePool.inference.networking.k8s.io",
  "InferencePool.inference.networking.x-k8s.io",
]);

/** Finds what a backendRef of a route or a backend of an Ingress leads to. */
export class BackendResolver {
  readonly #objects: ObjectIndex;
  readonly #grants: ReferenceGrants;
  readonly #services = new Map<string, Service>();
  readonly #provided: ReadonlySet<string>;
  /** Services are shared by many rules; where a port leads is worked out once. */
  readonly #resolved = new Map<ServicePort, BackendResolution>();

  constructor(
    objects: ObjectIndex,
    grants: ReferenceGrants,
    services: readonly Service[],
    provided: ReadonlySet<string> = new Set(),
  ) {
    this.#objects = objects;
    this.#grants = grants;
    this.#provided = provided;
    for (const service of services) this.#services.set(`${service.namespace}/${service.name}`, service);
  }

  /** A kind of backend that is not the API's own: of a GEP, or of an implementation when the set has the object. */
  #isOther({ group, kind, namespace, name }: Target): boolean {
    if (OTHER_BACKENDS.has(`${kind}.${group}`)) return true;
    const isCustom = group.includes(".") && !group.endsWith(".k8s.io");
    return isCustom && this.#objects.has(group, kind, namespace, name);
  }

  /** The order is that of the Gateway API's reasons: InvalidKind, RefNotPermitted, BackendNotFound, then the port. */
  resolve(from: GrantFrom, to: Target): BackendResolution {
    const bad = (reason: BackendReason, detail: string, service?: Service): BackendResolution => {
      return { reason, detail, service, servicePort: undefined, endpoints: [] };
    };
    const undecided = { reason: undefined, detail: "", servicePort: undefined, endpoints: [] };
    if (to.group !== "" || to.kind !== "Service") {
      if (this.#isOther(to)) return { ...undecided, service: undefined };
      const group = to.group === "" || to.group === "core" ? "" : `${to.group}/`;
      return bad("InvalidKind", `${group}${to.kind} is not a kind of backend; expected Service`);
    }
    if (!this.#grants.permits(from, to)) {
      return bad("RefNotPermitted", `no ReferenceGrant in namespace ${to.namespace} lets it`);
    }
    const service = this.#services.get(`${to.namespace}/${to.name}`);
    if (service === undefined) {
      const { state } = this.#objects.lookup(KINDS.service, to.namespace, to.name);
      const provided = this.#provided.has(`Service/${to.namespace}/${to.name}`);
      if (to.port === undefined) return bad("PortMissing", "names no port");
      if (state === "unknown" || provided) return { ...undecided, service: undefined };
      return bad("BackendNotFound", `there is no Service ${to.namespace}/${to.name}`);
    }
    if (to.port === undefined) return bad("PortMissing", "names no port", service);
    if (to.port === UNKNOWN) return { ...undecided, service };
    const servicePort = service.ports.find(({ port, name }) => (typeof to.port === "number" ? port : name) === to.port);
    if (servicePort === undefined) {
      if (service.ports.some(({ port, name }) => isUnknown(port) || isUnknown(name))) return { ...undecided, service };
      return bad("PortNotFound", `Service ${to.namespace}/${to.name} has no port ${to.port}`, service);
    }
    let resolved = this.#resolved.get(servicePort);
    if (resolved === undefined) {
      resolved = { ...undecided, service, servicePort, endpoints: endpointsOf(service, servicePort) };
      this.#resolved.set(servicePort, resolved);
    }
    return resolved;
  }
}
