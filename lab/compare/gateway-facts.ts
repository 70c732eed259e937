import { formatRef } from "../manifests/object.ts";
import type { Attachment, Gateway, Listener, Route, RouteRule, Topology } from "../topology/model.ts";
import { appOfService } from "./app-of.ts";
import type { AnyFact, Fact, FieldPlace } from "./facts.ts";

/** What Gateways and their routes say, for every listener that accepted a route and that a Gateway serves. */
export function gatewayFacts({ routes }: Topology): Fact[] {
  return routes.flatMap((route) =>
    route.attachments.flatMap((attachment) => {
      const { gateway } = attachment.listener;
      if (!attachment.accepted || gateway === undefined) return [];
      return route.rules.flatMap((rule) => factsOfRule(attachment, gateway, rule));
    }),
  );
}

function factsOfRule({ route, listener, hostnames }: Attachment, gateway: Gateway, rule: RouteRule): Fact[] {
  const facts = [...doorFacts(listener, gateway), ...routeFacts(route, listener, hostnames, rule)];
  return rule.backends.flatMap(({ resolution, namespace, name }) => {
    const app = appOfService(resolution.service, namespace, name);
    return facts.map((fact) => ({ ...app, ...fact }));
  });
}

/** A listener may be of a ListenerSet; class and address are its Gateway's. */
function doorFacts(listener: Listener, gateway: Gateway): AnyFact[] {
  const { owner, index } = listener;
  const name = formatRef(owner.ref);
  const served = formatRef(gateway.ref);
  const at = (field: string) => `${name} spec.listeners[${listener.name}].${field}`;
  const field = (...path: string[]): FieldPlace => ({ ref: owner.ref, path: ["spec", "listeners", index, ...path] });
  const facts: AnyFact[] = [
    {
      topic: "controller",
      value: gateway.className ?? "?",
      where: `${served} spec.gatewayClassName`,
      fields: [{ ref: gateway.ref, path: ["spec", "gatewayClassName"] }],
    },
    {
      topic: "door",
      value: `port ${listener.port}, ${listener.protocol}`,
      where: at("port, protocol"),
      fields: [field("port"), field("protocol")],
    },
    { topic: "address", value: `one for ${served}`, where: `${served} (its own Service)`, fields: [] },
    {
      topic: "who may attach",
      value: `routes of namespaces: ${listener.allowed.from}`,
      where: at("allowedRoutes.namespaces"),
      fields: [field("allowedRoutes", "namespaces")],
    },
  ];
  if (listener.tls) {
    const ends = listener.tls.mode === "Passthrough" ? "in the pod" : "at the door";
    facts.push({ topic: "where TLS ends", value: ends, where: at("tls.mode"), fields: [field("tls", "mode")] });
    for (const { namespace, name: secret } of listener.tls.mode === "Passthrough" ? [] : listener.tls.certificates) {
      facts.push({
        topic: "certificate",
        value: `Secret ${namespace}/${secret}`,
        where: at("tls.certificateRefs"),
        fields: [field("tls", "certificateRefs")],
      });
    }
  }
  if (listener.protocol === "HTTP") {
    facts.push({
      topic: "http to https",
      value: "served as it is",
      where: `${at("protocol")} (a redirect would be a rule of a route)`,
      fields: [field("protocol")],
    });
  }
  return facts;
}

function routeFacts(route: Route, listener: Listener, hostnames: readonly string[], rule: RouteRule): AnyFact[] {
  const name = formatRef(route.ref);
  const host: Pick<Fact, "where" | "fields"> =
    route.hostnames.length > 0
      ? { where: `${name} spec.hostnames`, fields: [{ ref: route.ref, path: ["spec", "hostnames"] }] }
      : {
          where: `${formatRef(listener.owner.ref)} spec.listeners[${listener.name}].hostname`,
          fields: [{ ref: listener.owner.ref, path: ["spec", "listeners", listener.index, "hostname"] }],
        };
  const ofRule = (field: string): Pick<Fact, "where" | "fields"> => ({
    where: `${name} spec.rules[${rule.index}].${field}`,
    fields: [{ ref: route.ref, path: ["spec", "rules", rule.index, field] }],
  });
  return [
    ...hostnames.map((one): AnyFact => ({ topic: "host", value: one === "*" ? "any" : one, ...host })),
    ...rule.matches.map(
      ({ path }): AnyFact => ({
        topic: "path",
        value: `${path.type.replace("PathPrefix", "Prefix")} ${path.value}`,
        ...ofRule("matches"),
      }),
    ),
    ...rule.backends.map(
      (backend): AnyFact => ({
        topic: "backend",
        value: `${backend.name}:${backend.port ?? "?"}`,
        ...ofRule("backendRefs"),
      }),
    ),
  ];
}
