import type { AppConfig, Prototype, RouteConfig } from "../schema.ts";
import { mainService, namespaceOf } from "./apps.ts";
import { type GatewaySpec, gatewayOfApp, listenersFor } from "./gateways.ts";

/** Routes of one application that share listeners and host names: one HTTPRoute or TLSRoute. */
export interface RouteSpec {
  readonly kind: "HTTPRoute" | "TLSRoute";
  readonly name: string;
  readonly namespace: string;
  readonly gateway: GatewaySpec;
  /** Listeners it attaches to; each becomes a parentRef with a sectionName. */
  readonly listeners: readonly string[];
  /** Empty: whatever the listener's host name is. */
  readonly hostnames: readonly string[];
  readonly rules: readonly RouteRule[];
}

export interface RouteRule {
  readonly route: RouteConfig;
  readonly backends: readonly BackendRef[];
}

export interface BackendRef {
  readonly service: string;
  readonly namespace: string;
  readonly port: number;
  readonly weight?: number;
}

/** An HTTPRoute has at most 16 rules (httproute_types.go). */
const maxRules = 16;

/** The routes of an application, grouped into as few objects as the Gateway API allows. */
export function routesOf(prototype: Prototype, appName: string): RouteSpec[] {
  const app = prototype.apps[appName];
  const gateway = gatewayOfApp(prototype, appName);
  if (!app?.gateway || !gateway) return [];
  const groups = new Map<string, Omit<RouteSpec, "name"> & { rules: RouteRule[] }>();
  for (const route of app.gateway.routes) {
    const listeners = listenersFor(gateway, route);
    const hostnames = hostnamesOf(gateway, listeners, route);
    const passthrough = listeners.some((name) => gateway.listeners[name]?.tls?.mode === "Passthrough");
    const kind = passthrough ? "TLSRoute" : "HTTPRoute";
    const key = JSON.stringify([kind, listeners, hostnames]);
    const group = groups.get(key) ?? {
      kind,
      namespace: namespaceOf(appName, app),
      gateway,
      listeners,
      hostnames,
      rules: [],
    };
    group.rules.push({ route, backends: backendsOf(prototype, appName, app, route) });
    groups.set(key, group);
  }
  return named(appName, [...groups.values()].flatMap(split));
}

/** Backends that stand in another namespace than the route: each needs a ReferenceGrant there. */
export function foreignBackends(route: RouteSpec): BackendRef[] {
  return route.rules.flatMap(({ backends }) => backends.filter(({ namespace }) => namespace !== route.namespace));
}

function hostnamesOf(gateway: GatewaySpec, listeners: readonly string[], route: RouteConfig): string[] {
  if (route.hostnames !== undefined) return route.hostnames;
  const hosts = listeners.map((name) => gateway.listeners[name]?.hostname);
  return hosts.some((host) => host === undefined) ? [] : [...new Set(hosts.filter((host) => host !== undefined))];
}

function backendsOf(prototype: Prototype, appName: string, app: AppConfig, route: RouteConfig): BackendRef[] {
  if (route.redirect) return [];
  if (!route.backends) return [backendOf(appName, app, route.service)];
  return route.backends.flatMap(({ app: other, weight }) => {
    const target = prototype.apps[other];
    return target ? [{ ...backendOf(other, target), weight }] : [];
  });
}

function backendOf(name: string, app: AppConfig, service?: string): BackendRef {
  const main = mainService(name, app);
  return { service: service ?? main.name, namespace: namespaceOf(name, app), port: main.port };
}

function split<T extends { rules: RouteRule[] }>(group: T): T[] {
  const parts = Math.ceil(group.rules.length / maxRules);
  return Array.from({ length: parts }, (_, part) => ({
    ...group,
    rules: group.rules.slice(part * maxRules, (part + 1) * maxRules),
  }));
}

/** One route is called like its application; several carry their listeners, and a number where that is not enough. */
function named(appName: string, groups: readonly Omit<RouteSpec, "name">[]): RouteSpec[] {
  const taken = new Map<string, number>();
  return groups.map((group) => {
    const base = groups.length === 1 ? appName : [appName, ...group.listeners].join("-");
    const count = (taken.get(base) ?? 0) + 1;
    taken.set(base, count);
    return { ...group, name: count === 1 ? base : `${base}-${count}` };
  });
}
