import type { Ingress, IngressBackend, Topology } from "../../topology/model.ts";
import { HostIndex } from "../matching/hostname.ts";
import {
  type IngressAnnotations,
  type IngressLocation,
  IngressRouter,
  type IngressServer,
} from "../matching/ingress-router.ts";
import type { RouteRef } from "../matching/model.ts";
import type { BackendTargets } from "./backend-target.ts";
import { certificateRefusal } from "./listener-validity.ts";
import type { AddressOwner, ListenerPlan, PortPlan, SecretUse, TlsTarget } from "./model.ts";

const CONTROLLER: AddressOwner = { kind: "Ingress controller", name: "ingress-nginx" };
const PREFIX = "nginx.ingress.kubernetes.io/";

interface ServerBuilder extends IngressServer {
  hasCertificate: boolean;
  readonly locations: IngressLocation[];
}

/**
 * The two ports of the one controller that serves all Ingresses: 80 in clear, 443 with TLS. Hosts with ssl-passthrough
 * are handed to the backend by SNI before anything else; every other name gets the certificate of its `tls` entry, or
 * the controller's own fake one.
 */
export function ingressPorts(topology: Topology, targets: BackendTargets): PortPlan[] {
  const ingresses = [...topology.ingresses].sort(compareIngresses);
  if (ingresses.length === 0) return [];
  const router = new IngressRouter(serversOf(ingresses, targets));
  const secrets = secretsOf(ingresses);
  const https: ListenerPlan = {
    name: "https",
    protocol: "HTTPS",
    hostname: undefined,
    mode: {
      type: "https",
      router,
      checkHost: false,
      certificates: { all: [...secrets.values()], secretFor: (sni) => (sni ? secretFor(secrets, sni) : undefined) },
    },
  };
  const clear: ListenerPlan = { name: "http", protocol: "HTTP", hostname: undefined, mode: { type: "http", router } };
  const passthrough = passthroughListeners(ingresses, targets);
  return [
    { owner: CONTROLLER, port: 80, transport: "clear", listeners: [clear], refused: [] },
    { owner: CONTROLLER, port: 443, transport: "tls", listeners: [...passthrough, https], refused: [] },
  ];
}

/** Older first, then by name: the order in which the controller lets one Ingress win over another. */
function compareIngresses(a: Ingress, b: Ingress): number {
  const [created, other] = [a, b].map((i) => Date.parse(String(i.sourced.object.metadata.creationTimestamp)));
  if (created !== undefined && other !== undefined && created !== other) {
    if (!Number.isNaN(created) && !Number.isNaN(other)) return created - other;
  }
  const [left, right] = [`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

function serversOf(ingresses: readonly Ingress[], targets: BackendTargets): IngressServer[] {
  const servers = new Map<string | undefined, ServerBuilder>();
  for (const ingress of ingresses) {
    const annotations = readAnnotations(ingress.annotations);
    const ref: RouteRef = { kind: "Ingress", namespace: ingress.namespace, name: ingress.name };
    const target = (backend: IngressBackend) => targetOf(ingress, backend, targets);
    const fallback: IngressLocation = {
      ingress: ref,
      ruleIndex: 0,
      path: "/",
      pathType: "defaultBackend",
      backend: ingress.defaultBackend && target(ingress.defaultBackend),
      annotations,
    };
    // Without rules the default backend serves every host that nobody names.
    if (ingress.rules.length === 0 && ingress.defaultBackend !== undefined) {
      const server = serverFor(undefined, undefined);
      if (server.fallback === undefined) servers.set(undefined, { ...server, fallback });
    }
    for (const rule of ingress.rules) {
      const server = serverFor(rule.host, rule.host === undefined ? undefined : fallback);
      for (const { path, pathType, backend } of rule.paths) {
        server.locations.push({
          ingress: ref,
          ruleIndex: rule.index,
          path: path === "" ? "/" : path,
          pathType,
          backend: target(backend),
          annotations,
        });
      }
    }
  }
  const hosts = new Set(ingresses.flatMap((ingress) => ingress.tls.flatMap(({ hosts }) => hosts)));
  for (const server of servers.values()) server.hasCertificate = server.host !== undefined && hosts.has(server.host);
  return [...servers.values()];

  function serverFor(host: string | undefined, fallback: IngressLocation | undefined): ServerBuilder {
    let server = servers.get(host);
    if (server === undefined) {
      server = { host, hasCertificate: false, locations: [], fallback };
      servers.set(host, server);
    }
    return server;
  }
}

function targetOf(ingress: Ingress, backend: IngressBackend, targets: BackendTargets) {
  const ref = { namespace: ingress.namespace, name: backend.service, port: backend.port };
  return targets.target(ref, backend.resolution);
}

function readAnnotations(annotations: Readonly<Record<string, string>>): IngressAnnotations {
  const get = (name: string) => annotations[PREFIX + name];
  return {
    sslRedirect: get("ssl-redirect") !== "false",
    forceSslRedirect: get("force-ssl-redirect") === "true",
    preserveTrailingSlash: get("preserve-trailing-slash") === "true",
    rewriteTarget: get("rewrite-target") || undefined,
    useRegex: get("use-regex") === "true",
    appRoot: get("app-root") || undefined,
  };
}

/** The Secret of each host in a `tls` entry; the first Ingress wins. */
function secretsOf(ingresses: readonly Ingress[]): Map<string, SecretUse> {
  const secrets = new Map<string, SecretUse>();
  for (const ingress of ingresses) {
    for (const { hosts, certificate } of ingress.tls) {
      if (certificate === undefined || certificateRefusal(certificate) !== undefined) continue;
      const declared = certificate.resolution.certificate?.dnsNames ?? [];
      const { namespace, name } = certificate;
      const use = { namespace, name, hostnames: declared.length > 0 ? declared : hosts, declared: declared.length > 0 };
      for (const host of hosts) if (!secrets.has(host)) secrets.set(host, use);
    }
  }
  return secrets;
}

function secretFor(secrets: ReadonlyMap<string, SecretUse>, sni: string): SecretUse | undefined {
  return secrets.get(sni) ?? secrets.get(`*${sni.slice(sni.indexOf("."))}`);
}

/** With ssl-passthrough the backend of the host's path "/" gets every connection of that SNI; other paths have no effect. */
function passthroughListeners(ingresses: readonly Ingress[], targets: BackendTargets): ListenerPlan[] {
  const byHost = new Map<string, ListenerPlan>();
  for (const ingress of ingresses.filter(({ sslPassthrough }) => sslPassthrough)) {
    for (const { host, paths, index } of ingress.rules) {
      const path = paths.find((candidate) => candidate.path === "/" || candidate.path === "");
      if (host === undefined || path === undefined || byHost.has(host)) continue;
      const target: TlsTarget = {
        backends: [{ weight: 1, target: targetOf(ingress, path.backend, targets) }],
        rule: {
          route: { kind: "Ingress", namespace: ingress.namespace, name: ingress.name },
          ruleIndex: index,
          match: `SNI ${host}`,
        },
      };
      const routes = new HostIndex<TlsTarget>();
      routes.set(host, target);
      byHost.set(host, {
        name: "ssl-passthrough",
        protocol: "TLS",
        hostname: host,
        mode: { type: "tls-passthrough", routes },
      });
    }
  }
  return [...byHost.values()];
}
