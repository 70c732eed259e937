import { backendTlsPolicies } from "../../topology/backend-tls.ts";
import type { ContainerPort, Endpoint, Route, Service, ServicePort, Topology } from "../../topology/model.ts";
import { type Finding, warning } from "../finding.ts";

const TLS_NAME = /^(https|tls)(-|$)/;
const PLAIN_NAME = /^(http|http2|grpc|web|h2c)(-|$)/;
const TLS_PORTS = new Set([443, 8443]);
/** Images that are known to speak plain HTTP only. */
const PLAIN_IMAGES = /(^|\/)(http-echo|nginx-hello)(:|$)/;

/**
 * W35: what a Service's port is called against what its container speaks. Istio takes the protocol from the port's
 * name or appProtocol, so plain HTTP behind a port named "https" is passed on as opaque bytes.
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
 */
export function appProtocols(topology: Topology): Finding[] {
  const tlsBackends = backendTlsPolicies(topology.objects);
  const names = topology.services.flatMap((service) =>
    service.ports.flatMap((port) => misnamed(service, port, topology)),
  );
  const routes = topology.routes
    .filter(({ kind }) => kind === "HTTPRoute")
    .flatMap((route) => plainToTls(route, tlsBackends));
  return [...names, ...routes];
}

function misnamed(service: Service, port: ServicePort, { backends }: Topology): Finding[] {
  const from = { group: "", kind: "Service", namespace: service.namespace };
  const to = { group: "", kind: "Service", namespace: service.namespace, name: service.name, port: port.port };
  for (const endpoint of backends.resolve(from, to).endpoints) {
    const speaks = spoken(endpoint);
    const said = saidProtocol(port);
    if (speaks === undefined || said === undefined || speaks === said) continue;
    const label = port.appProtocol === undefined ? `named ${port.name}` : `of appProtocol ${port.appProtocol}`;
    const message = `port ${port.port} is ${label}, but container ${endpoint.container?.name} of ${endpoint.workload.kind} ${endpoint.workload.name} speaks ${speaks === "tls" ? "TLS" : "plain HTTP"} on ${endpoint.port}`;
    const fix =
      speaks === "tls"
        ? "name the port https, or remove appProtocol"
        : "name the port http, and set no appProtocol: https";
    return [warning("W35", { from: service.ref, to: endpoint.workload.ref, message, fix })];
  }
  return [];
}

function saidProtocol({ name, appProtocol }: ServicePort): "tls" | "plain" | undefined {
  if (appProtocol !== undefined) {
    const said = appProtocol.toLowerCase();
    return said === "https" || said === "tls"
      ? "tls"
      : said === "http" || said === "kubernetes.io/h2c"
        ? "plain"
        : undefined;
  }
  return name === undefined ? undefined : TLS_NAME.test(name) ? "tls" : PLAIN_NAME.test(name) ? "plain" : undefined;
}

function spoken({ container, port }: Endpoint): "tls" | "plain" | undefined {
  if (container === undefined) return undefined;
  if (PLAIN_IMAGES.test(container.image)) return "plain";
  const declared = container.ports.find(({ containerPort }) => containerPort === port);
  return declared === undefined ? undefined : spokenByPort(declared);
}

function spokenByPort({ name, containerPort }: ContainerPort): "tls" | "plain" | undefined {
  if (name !== undefined && TLS_NAME.test(name)) return "tls";
  if (name !== undefined && PLAIN_NAME.test(name)) return "plain";
  if (typeof containerPort !== "number") return undefined;
  return TLS_PORTS.has(containerPort) ? "tls" : containerPort === 80 ? "plain" : undefined;
}

/** An HTTPRoute speaks plain HTTP to its backends unless a BackendTLSPolicy says otherwise. */
function plainToTls(route: Route, tlsBackends: ReadonlySet<string>): Finding[] {
  return route.rules.flatMap(({ backends }) =>
    backends.flatMap(({ resolution }) => {
      const { service, servicePort, endpoints } = resolution;
      if (service === undefined || servicePort === undefined) return [];
      if (tlsBackends.has(`${service.namespace}/${service.name}`)) return [];
      const endpoint = endpoints.find((e) => spoken(e) === "tls");
      if (endpoint === undefined || saidProtocol(servicePort) !== "tls") return [];
      const message = `sends plain HTTP to port ${servicePort.port} of Service ${service.namespace}/${service.name}, where ${endpoint.workload.kind} ${endpoint.workload.name} speaks TLS`;
      const fix = "add a BackendTLSPolicy for the Service, or route to its plain port";
      return [warning("W35", { from: route.ref, to: service.ref, message, fix })];
    }),
  );
}
