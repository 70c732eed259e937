import { type Fields, fields, fieldsList } from "../../manifests/fields.ts";
import type { Ref } from "../../manifests/object.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import type { BackendRef, BackendResolution, Route, RouteRule, Service, Topology } from "../../topology/model.ts";
import { readBackend } from "../../topology/routes.ts";
import { error, type Finding, warning } from "../finding.ts";
import { listed, nearest } from "../names.ts";

/** W24–W28: every backendRef leads to a port of a Service that the route may use. */
export function backends(topology: Topology): Finding[] {
  return topology.routes.flatMap((route) =>
    route.rules.flatMap((rule) => [
      ...rule.backends.flatMap(
        (backend) => portByName(route, rule, backend) ?? brokenBackend(route, backend, topology),
      ),
      ...filterBackends(route, rule, topology).flatMap((backend) => brokenBackend(route, backend, topology)),
      ...doubtfulBackends(route, rule),
    ]),
  );
}

/** W26 for a port that is no number, as one is used to from Ingress. */
function portByName({ ref: from }: Route, rule: RouteRule, { index, name, namespace, resolution }: BackendRef) {
  const { port } = fieldsList(rule.raw.backendRefs)[index] ?? {};
  if (typeof port !== "string" || isUnknown(port) || resolution.reason !== "PortMissing") return undefined;
  const { service } = resolution;
  const meant = service?.ports.find((own) => own.name === port || String(own.port) === port) ?? service?.ports[0];
  const to: Ref = { kind: "Service", namespace, name };
  const message = `names port ${JSON.stringify(port)} of Service ${namespace}/${name}; a backendRef names ports by number`;
  const fix = `set port: ${meant?.port ?? "<the number of the Service's port>"}`;
  return [error("W26", { from, to, message, fix, path: `/spec/rules/${rule.index}/backendRefs/${index}/port` })];
}

/** The backends that filters send requests to: mirrors and external authorisation. */
function filterBackends(route: Route, rule: RouteRule, { backends }: Topology): BackendRef[] {
  const filters = [...rule.filters, ...rule.backends.flatMap((backend) => backend.filters)];
  return filters
    .flatMap((filter): Fields[] => [fields(filter.requestMirror), fields(filter.externalAuth)])
    .filter((target) => target.backendRef !== undefined)
    .map((target, i) => readBackend(fields(target.backendRef), i, route.kind, route.namespace, backends));
}

/** What a client sees of a backend that cannot be used; only HTTP has a way of saying so. */
function consequence({ kind }: Pick<Route, "kind">): string {
  if (kind === "UDPRoute") return "packets are dropped";
  return kind === "HTTPRoute" || kind === "GRPCRoute" ? "requests are answered 500" : "connections are refused";
}

function brokenBackend(route: Route, backend: BackendRef, topology: Topology): Finding[] {
  const { resolution, namespace, name, kind } = backend;
  const from = route.ref;
  const to: Ref = { kind, namespace, name };
  switch (resolution.reason) {
    case undefined:
      return [];
    case "InvalidKind":
      return [
        error("W24", {
          from,
          to,
          message: `its backendRef ${name}: ${resolution.detail} (InvalidKind): ${consequence(route)}`,
          fix: 'refer to a Service: kind: Service, group: ""',
        }),
      ];
    case "RefNotPermitted": {
      const fix = `add a ReferenceGrant in namespace ${namespace}: from [{ group: gateway.networking.k8s.io, kind: ${route.kind}, namespace: ${route.namespace} }] to [{ group: "", kind: Service, name: ${name} }]`;
      const message = `its backend is in namespace ${namespace}, and ${resolution.detail} (RefNotPermitted): ${consequence(route)}`;
      return [error("W27", { from, to, message, fix })];
    }
    case "BackendNotFound": {
      const message = `${resolution.detail} (BackendNotFound): ${consequence(route)}`;
      return [error("W25", { from, to, message, fix: otherService(topology, namespace, name) })];
    }
    case "PortMissing":
    case "PortNotFound":
      return [portFinding("W26", from, to, backend.port, resolution)];
  }
}

/** What to write instead of a Service that does not exist: one elsewhere of that name, or one of a near name. */
export function otherService({ services }: Topology, namespace: string, name: string): string {
  const elsewhere = services.find((service) => service.name === name);
  if (elsewhere !== undefined)
    return `the Service is in namespace ${elsewhere.namespace}: name that namespace (with a ReferenceGrant), or move it`;
  const here = services.filter((service) => service.namespace === namespace).map((service) => service.name);
  const meant = nearest(name, here);
  return meant === undefined
    ? `add Service ${namespace}/${name}, or name one of that namespace: ${listed(here)}`
    : `set name: ${meant}`;
}

/** The finding for a port that is missing or that the Service does not have. */
export function portFinding(
  rule: string,
  from: Ref,
  to: Ref,
  port: number | string | undefined,
  { service, reason }: BackendResolution,
): Finding {
  const ports = service?.ports.map((p) => (p.name === undefined ? `${p.port}` : `${p.port} (${p.name})`)) ?? [];
  const first = service?.ports[0]?.port;
  if (reason === "PortMissing") {
    const message = `names no port of Service ${to.namespace}/${to.name}`;
    return error(rule, { from, to, message, fix: `add port: ${first ?? "<the Service's port>"}` });
  }
  const behind = service?.ports.find(({ targetPort }) => targetPort === port);
  const hint = behind === undefined ? "" : `; ${port} is the targetPort of its port ${behind.port}`;
  const message = `Service ${to.namespace}/${to.name} has no port ${port}: it has ${listed(ports)}${hint}`;
  return error(rule, { from, to, message, fix: `set port: ${behind?.port ?? first ?? "<a port of the Service>"}` });
}

/** W28 */
function doubtfulBackends(route: Route, rule: RouteRule): Finding[] {
  const { backends } = rule;
  if (backends.length === 0) return [];
  const findings: Finding[] = [];
  const where = `rule ${rule.name ?? rule.index + 1}`;
  const total = backends.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) {
    const message = `${where}: the weights of its backends add up to 0, so every request is answered 500`;
    findings.push(
      warning("W28", { from: route.ref, to: null, message, fix: "give at least one backend a weight above 0" }),
    );
  }
  const broken = backends.filter(({ resolution }) => resolution.reason !== undefined);
  const share = broken.reduce((sum, { weight }) => sum + weight, 0);
  if (broken.length > 0 && broken.length < backends.length && share > 0) {
    const message = `${where}: ${Math.round((100 * share) / total)} % of its requests go to a broken backend and are answered 500`;
    findings.push(
      warning("W28", { from: route.ref, to: null, message, fix: "mend the backend, or set its weight: 0" }),
    );
  }
  const external = new Set(backends.map(({ resolution }) => resolution.service).filter(isExternalName));
  for (const service of external) {
    const message = `${where}: Service ${service.namespace}/${service.name} is of type ExternalName, which gateways should not follow`;
    const fix = "use a Service with a selector, or with EndpointSlices made by hand";
    findings.push(warning("W28", { from: route.ref, to: service.ref, message, fix }));
  }
  return findings;
}

function isExternalName(service: Service | undefined): service is Service {
  return service?.type === "ExternalName";
}
