import type { Prototype } from "../../config/schema.ts";
import { type Fields, fields, fieldsAt, fieldsList, textMap } from "../../lab/manifests/fields.ts";
import type { KubeObject } from "../../lab/manifests/object.ts";
import { prototypeOf, sourcedObjects } from "../../lab/stack/topology.ts";
import { issuedStatus } from "./issued.ts";
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

const GROUP = "gateway.networking.k8s.io";

export function condition(type: string, status: "True" | "False" | "Unknown", reason: string, message = ""): Fields {
  return { type, status, reason, message, observedGeneration: GENERATION };
}

/** Of every Gateway and route here; a status that was written for an earlier one is out of date. */
const GENERATION = 1;

/** Conditions of a listener that istiod has nothing to say against. */
const goodListener = [
  condition("Accepted", "True", "Accepted", "No errors found"),
  condition("Conflicted", "False", "NoConflicts", "No errors found"),
  condition("Programmed", "True", "Programmed", "No errors found"),
  condition("ResolvedRefs", "True", "ResolvedRefs", "No errors found"),
];

/** A Gateway's status as istiod writes it, with every listener well but those whose differing conditions are given. */
export function gatewayStatus(
  gateway: KubeObject,
  listeners: Readonly<Record<string, readonly Fields[]>> = {},
): Fields {
  const { name, namespace } = gateway.metadata;
  const declared = fieldsList(fields(gateway.spec).listeners);
  const service = `${name}-istio.${namespace}.svc.cluster.local`;
  const ports = [...new Set(declared.map(({ port }) => `${service}:${String(port)}`))].sort();
  const [accepted, message] =
    Object.keys(listeners).length === 0
      ? ["Accepted", "Resource accepted"]
      : ["ListenersNotValid", "One or more of the Gateway's listeners are invalid"];
  return {
    addresses: [{ type: "IPAddress", value: "192.168.49.240" }],
    conditions: [
      condition("Accepted", "True", accepted, message),
      condition(
        "Programmed",
        "True",
        "Programmed",
        `Resource programmed, assigned to service(s) ${ports.join(" and ")}`,
      ),
      condition("ResolvedRefs", "True", "ResolvedRefs", "All references resolved"),
    ],
    listeners: declared.map(({ name, protocol }) => ({
      name,
      attachedRoutes: 1,
      supportedKinds: supportedKinds(String(protocol)),
      conditions: replaced(goodListener, listeners[String(name)] ?? []),
    })),
  };
}

function supportedKinds(protocol: string): Fields[] {
  const kinds = protocol === "TLS" ? ["TLSRoute"] : ["HTTPRoute", "GRPCRoute"];
  return kinds.map((kind) => ({ group: GROUP, kind }));
}

/** These conditions in the place of those of the same type. */
export function replaced(conditions: readonly Fields[], by: readonly Fields[]): Fields[] {
  return conditions.map((one) => by.find(({ type }) => type === one.type) ?? one);
}

/** Conditions of a route that istiod has nothing to say against, by the number of listeners that take it. */
export function goodRoute(parents = 1): Fields[] {
  const bound = parents === 1 ? "" : `, bound to ${parents} parents`;
  return [
    condition("Accepted", "True", "Accepted", `Route was valid${bound}`),
    condition("ResolvedRefs", "True", "ResolvedRefs", "All references resolved"),
  ];
}

/** A route's status with the same conditions for each parentRef. */
export function routeStatus(route: KubeObject, conditions: readonly Fields[]): Fields {
  const parents = fieldsList(fields(route.spec).parentRefs);
  return {
    parents: parents.map((parentRef) => ({
      parentRef: { group: GROUP, kind: "Gateway", ...parentRef },
      controllerName: "istio.io/gateway-controller",
      conditions,
    })),
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
      return [followed(object, gatewayStatus(object))];
    case "HTTPRoute":
    case "TLSRoute":
      return [followed(object, routeStatus(object, goodRoute()))];
    case "Ingress":
      return [{ ...object, status: { loadBalancer: { ingress: [{ ip: "192.168.49.240" }] } } }];
    case "Issuer":
      return [{ ...object, status: issuedStatus(object) }];
    case "Certificate":
      return [{ ...object, status: issuedStatus(object) }, secretOf(namespace, String(fields(spec).secretName))];
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

/** An object of the first generation, and the status that was written for it. */
function followed(object: KubeObject, status: Fields): KubeObject {
  return { ...object, metadata: { ...object.metadata, generation: GENERATION }, status };
}

const ready: Fields = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };

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
  const ingressClass = { apiVersion: "networking.k8s.io/v1", kind: "IngressClass", metadata: { name: "nginx" } };
  return [
    ...(platform.istio ? istioClasses : []),
    ...(platform.nginxGatewayFabric ? [gatewayClass("nginx", "gateway.nginx.org/nginx-gateway-controller", "")] : []),
    ...(platform.ingressNginx ? [ingressClass] : []),
    ...vaultServers(platform.vault?.replicas ?? 0),
  ];
}

/** Those that istiod makes when it runs with ambient (pilot/pkg/config/kube/gatewaycommon/gatewayclass.go). */
const istioClasses = [
  gatewayClass("istio", "istio.io/gateway-controller"),
  gatewayClass("istio-remote", "istio.io/unmanaged-gateway"),
  gatewayClass("istio-waypoint", "istio.io/mesh-controller"),
];

function gatewayClass(name: string, controllerName: string, message = "Handled by Istio controller"): KubeObject {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: "GatewayClass",
    metadata: { name },
    spec: { controllerName },
    status: { conditions: [condition("Accepted", "True", "Accepted", message)] },
  };
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
