import type { Prototype } from "../../config/schema.ts";
import { type Fields, fields, fieldsAt, fieldsList, textMap } from "../../lab/manifests/fields.ts";
import type { KubeObject } from "../../lab/manifests/object.ts";
import { prototypeOf, sourcedObjects } from "../../lab/stack/topology.ts";
import { rehearsed } from "./rehearsed.ts";

/**
 * What a cluster on which a stack is up and well would show: the objects that the program registers, with the status that
 * controllers write, and what controllers and charts add (pods, EndpointSlices, Secrets of Certificates, classes, Vault's
 * servers). Statuses are made after the controllers' documentation; they were not recorded on a cluster.
 */
export class LiveObjects {
  readonly prototype: Prototype;
  readonly #objects = new Map<string, KubeObject>();

  static async of(stack: string): Promise<LiveObjects> {
    const run = await rehearsed(stack);
    return new LiveObjects(
      prototypeOf(run),
      sourcedObjects(run).map(({ object }) => object),
    );
  }

  private constructor(prototype: Prototype, registered: readonly KubeObject[]) {
    this.prototype = prototype;
    for (const object of registered) for (const live of brought(object)) this.put(live);
    for (const live of byCharts(prototype)) this.put(live);
  }

  get all(): KubeObject[] {
    return [...this.#objects.values()];
  }

  put(object: KubeObject): void {
    const { namespace = "", name } = object.metadata;
    this.#objects.set(`${object.kind} ${namespace}/${name}`, object);
  }

  /** @param reference "Gateway mango/mango-gateway", "Namespace /mango" */
  get(reference: string): KubeObject {
    const found = this.#objects.get(reference);
    if (!found) throw new Error(`there is no ${reference}; there are ${[...this.#objects.keys()].join(", ")}`);
    return found;
  }

  /** Changes one object; fields of `change` replace its own. */
  change(reference: string, change: Fields): void {
    this.put({ ...this.get(reference), ...change });
  }

  changeSpec(reference: string, change: Fields): void {
    this.change(reference, { spec: { ...fields(this.get(reference).spec), ...change } });
  }

  remove(...references: string[]): void {
    for (const reference of references) {
      this.get(reference);
      this.#objects.delete(reference);
    }
  }

  removeKinds(...kinds: string[]): void {
    for (const [key, { kind }] of this.#objects) if (kinds.includes(kind)) this.#objects.delete(key);
  }
}

export function condition(type: string, status: "True" | "False" | "Unknown", reason: string, message = ""): Fields {
  return { type, status, reason, message };
}

const good = (...types: string[]) => ({ conditions: types.map((type) => condition(type, "True", type)) });

/** A Gateway's status with every listener well but those that are given. */
export function gatewayStatus(
  gateway: KubeObject,
  listeners: Readonly<Record<string, readonly Fields[]>> = {},
): Fields {
  return {
    addresses: [{ type: "IPAddress", value: "192.168.49.240" }],
    ...good("Accepted", "Programmed"),
    listeners: fieldsList(fields(gateway.spec).listeners).map(({ name }) => ({
      name,
      attachedRoutes: 1,
      conditions: listeners[String(name)] ?? good("Accepted", "ResolvedRefs", "Programmed").conditions,
    })),
  };
}

/** A route's status with the same conditions for each parentRef. */
export function routeStatus(route: KubeObject, conditions: readonly Fields[]): Fields {
  const parents = fieldsList(fields(route.spec).parentRefs);
  return {
    parents: parents.map((parentRef) => ({ parentRef, controllerName: "istio.io/gateway-controller", conditions })),
  };
}

export function podOf(namespace: string, name: string, labels: Record<string, string>, status: Fields): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace, labels }, spec: { containers: [] }, status };
}

/** A container that waits, and so the pod is not ready. */
export function waiting(reason: string, message = "", restartCount = 0): Fields {
  return {
    phase: "Pending",
    conditions: [condition("Ready", "False", "ContainersNotReady", "containers with unready status: [main]")],
    containerStatuses: [{ name: "main", restartCount, state: { waiting: { reason, message } } }],
  };
}

/** An object as it looks when all is well, and what controllers make of it. */
function brought(object: KubeObject): KubeObject[] {
  const { kind, metadata, spec } = object;
  const namespace = metadata.namespace ?? "default";
  switch (kind) {
    case "Gateway":
      return [{ ...object, status: gatewayStatus(object) }];
    case "HTTPRoute":
    case "TLSRoute":
      return [{ ...object, status: routeStatus(object, good("Accepted", "ResolvedRefs").conditions) }];
    case "Ingress":
      return [{ ...object, status: { loadBalancer: { ingress: [{ ip: "192.168.49.240" }] } } }];
    case "Issuer":
      return [{ ...object, status: good("Ready") }];
    case "Certificate":
      return [{ ...object, status: good("Ready") }, secretOf(namespace, String(fields(spec).secretName))];
    case "Deployment": {
      const template = fieldsAt(object, "spec", "template");
      const pod = podOf(namespace, `${metadata.name}-1`, textMap(fieldsAt(template, "metadata").labels), ready);
      return [object, { ...pod, spec: template.spec }];
    }
    case "Service":
      return [object, endpoints(namespace, metadata.name)];
    default:
      return [object];
  }
}

const ready: Fields = { phase: "Running", ...good("Ready") };

function secretOf(namespace: string, name: string): KubeObject {
  const data = { "ca.crt": "", "tls.crt": "", "tls.key": "" };
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, type: "kubernetes.io/tls", data };
}

/** Where a Service's requests go; none ready with `ready: false`. */
export function endpoints(namespace: string, service: string, isReady = true): KubeObject {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: `${service}-1`, namespace, labels: { "kubernetes.io/service-name": service } },
    endpoints: [{ addresses: ["10.244.0.9"], conditions: { ready: isReady } }],
  };
}

function byCharts({ platform }: Prototype): KubeObject[] {
  const cluster = (apiVersion: string, kind: string, name: string) => ({ apiVersion, kind, metadata: { name } });
  const classes = [
    ...(platform.istio ? ["istio", "istio-waypoint"] : []),
    ...(platform.nginxGatewayFabric ? ["nginx"] : []),
  ];
  return [
    ...classes.map((name) => cluster("gateway.networking.k8s.io/v1", "GatewayClass", name)),
    ...(platform.ingressNginx ? [cluster("networking.k8s.io/v1", "IngressClass", "nginx")] : []),
    ...vaultServers(platform.vault?.replicas ?? 0),
  ];
}

function vaultServers(replicas: number): KubeObject[] {
  if (replicas === 0) return [];
  const port = {
    apiVersion: "v1",
    kind: "Service",
    spec: { ports: [{ name: "https", port: 8200, targetPort: 8200 }] },
  };
  return [
    { ...port, metadata: { name: "vault-active", namespace: "vault" } },
    ...Array.from({ length: replicas }, (_, index) =>
      podOf("vault", `vault-${index}`, { component: "server", "vault-sealed": "false" }, ready),
    ),
  ];
}

/** The status of an Issuer or Certificate that is not ready. */
export function notReady(reason: string, message: string): Fields {
  return { conditions: [condition("Ready", "False", reason, message)] };
}

/** cert-manager's latest request for a Certificate. */
export function request(namespace: string, certificate: string, status: Fields, revision = 1): KubeObject {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "CertificateRequest",
    metadata: {
      name: `${certificate}-${revision}`,
      namespace,
      annotations: {
        "cert-manager.io/certificate-name": certificate,
        "cert-manager.io/certificate-revision": String(revision),
      },
    },
    spec: {},
    status,
  };
}
