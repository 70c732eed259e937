import type { Ingress, IngressBackend, Topology } from "../../topology/model.ts";
import { HostIndex } from "../matching/hostname.ts";
import type { Canary, IngressLocation, IngressServer } from "../matching/ingress-model.ts";
import { wwwTwin } from "../matching/ingress-redirect.ts";
import { IngressRouter } from "../matching/ingress-router.ts";
import type { RouteRef } from "../matching/model.ts";
import type { Random } from "../matching/weights.ts";
import type { BackendTargets } from "./backend-target.ts";
import { readAnnotations, readCanary, serverAliases } from "./ingress-annotations.ts";
import { secretFor, secretsOf, withTwins } from "./ingress-secrets.ts";
import { ingressesOfController } from "./ingresses-of-controller.ts";
import type { AddressOwner, ListenerPlan, PortPlan, SecretUse, TlsTarget } from "./model.ts";

const CONTROLLER: AddressOwner = { kind: "Ingress controller", name: "ingress-nginx" };

interface ServerBuilder extends IngressServer {
  hasCertificate: boolean;
  readonly locations: LocationBuilder[];
}

interface LocationBuilder extends IngressLocation {
  canary: Canary | undefined;
}

/**
 * The two ports of the one controller that serves all Ingresses: 80 in clear, 443 with TLS. Hosts with ssl-passthrough
 * are handed to the backend by SNI before anything else; every other name gets the certificate of its `tls` entry, or
 * the controller's own fake one.
 */
export function ingressPorts(topology: Topology, targets: BackendTargets, random?: Random): PortPlan[] {
  const ingresses = ingressesOfController(topology);
  if (ingresses.length === 0) return [];
  const declared = secretsOf(ingresses);
  const servers = serversOf(ingresses, targets, declared);
  const secrets = withTwins(declared, servers);
  const router = new IngressRouter(servers, random);
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

function serversOf(
  ingresses: readonly Ingress[],
  targets: BackendTargets,
  secrets: ReadonlyMap<string, SecretUse>,
): IngressServer[] {
  const servers = new Map<string | undefined, ServerBuilder>();
  const canaries = ingresses.filter(({ annotations }) => readCanary(annotations) !== undefined);
  for (const ingress of ingresses.filter((candidate) => !canaries.includes(candidate))) {
    const annotations = readAnnotations(ingress.annotations);
    const ref = routeRefOf(ingress);
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
          canary: undefined,
        });
      }
    }
  }
  for (const ingress of canaries) addCanary(ingress);
  const hosts = new Set(ingresses.flatMap((ingress) => ingress.tls.flatMap(({ hosts }) => hosts)));
  for (const server of servers.values()) {
    const { host } = server;
    server.hasCertificate = host !== undefined && (hosts.has(host) || secretFor(secrets, host) !== undefined);
  }
  return [...servers.values(), ...aliases(), ...twins()];

  /** A path of the main Ingress gets the first canary that has the same host, path and type; others have no effect. */
  function addCanary(ingress: Ingress): void {
    const policy = readCanary(ingress.annotations);
    if (policy === undefined) return;
    for (const { host, paths } of ingress.rules) {
      for (const { path, pathType, backend } of paths) {
        const same = (at: IngressLocation) => at.path === (path === "" ? "/" : path) && at.pathType === pathType;
        const location = servers.get(host)?.locations.find(same);
        if (location === undefined || location.canary !== undefined) continue;
        location.canary = { ingress: routeRefOf(ingress), backend: targetOf(ingress, backend, targets), policy };
      }
    }
  }

  /** A name that has a server of its own is no alias. */
  function aliases(): IngressServer[] {
    const named = new Map<string, IngressServer>();
    for (const ingress of ingresses) {
      for (const alias of serverAliases(ingress.annotations)) {
        const server = servers.get(ingress.rules[0]?.host);
        if (server !== undefined && !servers.has(alias) && !named.has(alias)) {
          named.set(alias, { ...server, host: alias, hasCertificate: secretFor(secrets, alias) !== undefined });
        }
      }
    }
    return [...named.values()];
  }

  /** A host that has a server of its own stays what it is. */
  function twins(): IngressServer[] {
    return [...servers.values()].flatMap(({ host: redirectTo, locations }): IngressServer[] => {
      const host = locations.some(({ annotations }) => annotations.fromToWww) ? wwwTwin(redirectTo) : undefined;
      if (host === undefined || servers.has(host)) return [];
      return [{ host, hasCertificate: false, locations: [], fallback: undefined, redirectTo }];
    });
  }

  function serverFor(host: string | undefined, fallback: IngressLocation | undefined): ServerBuilder {
    let server = servers.get(host);
    if (server === undefined) {
      server = { host, hasCertificate: false, locations: [], fallback };
      servers.set(host, server);
    }
    return server;
  }
}

function routeRefOf({ namespace, name }: Ingress): RouteRef {
  return { kind: "Ingress", namespace, name };
}

function targetOf(ingress: Ingress, backend: IngressBackend, targets: BackendTargets) {
  const ref = { namespace: ingress.namespace, name: backend.service, port: backend.port };
  return targets.target(ref, backend.resolution);
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
          route: routeRefOf(ingress),
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
