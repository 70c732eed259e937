import { formatRef } from "../manifests/object.ts";
import type { Attachment, Listener, Route, RouteRule, Topology } from "../topology/model.ts";
import { appOfService } from "./app-of.ts";
import type { Fact } from "./facts.ts";

/** What Gateways and their routes say, for every listener that accepted a route. */
export function gatewayFacts({ routes }: Topology): Fact[] {
  return routes.flatMap((route) =>
    route.attachments
      .filter(({ accepted }) => accepted)
      .flatMap((attachment) => route.rules.flatMap((rule) => factsOfRule(attachment, rule))),
  );
}

function factsOfRule({ route, listener, hostnames }: Attachment, rule: RouteRule): Fact[] {
  const apps = new Set(rule.backends.map(({ resolution, name }) => appOfService(resolution.service, name)));
  const facts = [...doorFacts(listener), ...routeFacts(route, listener, hostnames, rule)];
  return [...apps].flatMap((app) => facts.map((fact) => ({ app, ...fact })));
}

function doorFacts(listener: Listener): Omit<Fact, "app">[] {
  const owner = formatRef(listener.owner.ref);
  const at = (field: string) => `${owner} spec.listeners[${listener.name}].${field}`;
  const facts: Omit<Fact, "app">[] = [
    { topic: "controller", value: listener.gateway?.className ?? "?", where: `${owner} spec.gatewayClassName` },
    { topic: "door", value: `port ${listener.port}, ${listener.protocol}`, where: at("port, protocol") },
    { topic: "address", value: `one for ${owner}`, where: `${owner} (its own Service)` },
    {
      topic: "who may attach",
      value: `routes of namespaces: ${listener.allowed.from}`,
      where: at("allowedRoutes.namespaces"),
    },
  ];
  if (listener.tls) {
    const ends = listener.tls.mode === "Passthrough" ? "in the pod" : "at the door";
    facts.push({ topic: "where TLS ends", value: ends, where: at("tls.mode") });
    for (const { namespace, name } of listener.tls.mode === "Passthrough" ? [] : listener.tls.certificates) {
      facts.push({ topic: "certificate", value: `Secret ${namespace}/${name}`, where: at("tls.certificateRefs") });
    }
  }
  if (listener.protocol === "HTTP") {
    facts.push({
      topic: "http to https",
      value: "served as it is",
      where: `${at("protocol")} (a redirect would be a rule of a route)`,
    });
  }
  return facts;
}

function routeFacts(
  route: Route,
  listener: Listener,
  hostnames: readonly string[],
  rule: RouteRule,
): Omit<Fact, "app">[] {
  const name = formatRef(route.ref);
  const hostField =
    route.hostnames.length > 0
      ? `${name} spec.hostnames`
      : `${formatRef(listener.owner.ref)} spec.listeners[${listener.name}].hostname`;
  return [
    ...hostnames.map(
      (host): Omit<Fact, "app"> => ({ topic: "host", value: host === "*" ? "any" : host, where: hostField }),
    ),
    ...rule.matches.map(
      ({ path }): Omit<Fact, "app"> => ({
        topic: "path",
        value: `${path.type.replace("PathPrefix", "Prefix")} ${path.value}`,
        where: `${name} spec.rules[${rule.index}].matches`,
      }),
    ),
    ...rule.backends.map(
      (backend): Omit<Fact, "app"> => ({
        topic: "backend",
        value: `${backend.name}:${backend.port ?? "?"}`,
        where: `${name} spec.rules[${rule.index}].backendRefs`,
      }),
    ),
  ];
}
