import { serviceNames, speaks } from "../derive/apps.ts";
import { type GatewaySpec, gatewayOfApp, listenersFor, saysNothingAboutHttp } from "../derive/gateways.ts";
import { unlessUnreadable } from "../gaps.ts";
import { didYouMean } from "../nearest.ts";
import type { Path, Problem } from "../problem.ts";
import type { AppConfig, Prototype, RouteConfig } from "../schema.ts";
import { clearTextBehindPassthrough } from "./passthrough.ts";

/** Rules of an application's routes and of the Gateway they attach to. */
export function routeProblems(prototype: Prototype, name: string, app: AppConfig): Problem[] {
  if (!app.gateway) return [];
  const path = ["apps", name, "gateway"];
  const gateway = gatewayOfApp(prototype, name);
  if (!gateway) {
    const known = Object.keys(prototype.gateways);
    const got = app.gateway.parent ?? "";
    return [
      {
        path: [...path, "parent"],
        message: `expected an entry of learn:gateways (${known.join(", ") || "none is declared"}), got "${got}"${didYouMean(got, known)}`,
      },
    ];
  }
  return unlessUnreadable(
    ...app.gateway.routes.map(
      (route, index) => () => oneRoute(prototype, gateway, name, app, route, [...path, "routes", index]),
    ),
  );
}

function oneRoute(
  prototype: Prototype,
  gateway: GatewaySpec,
  name: string,
  app: AppConfig,
  route: RouteConfig,
  path: Path,
): Problem[] {
  const problems: Problem[] = [];
  const known = Object.keys(gateway.listeners);
  if (route.path !== undefined && route.exact !== undefined) {
    problems.push({ path, message: "expected path or exact, got both" });
  }
  if (route.redirect && (route.service !== undefined || route.backends || route.rewrite)) {
    problems.push({
      path: [...path, "redirect"],
      message: "a redirect answers by itself; it goes without service, backends and rewrite",
    });
  }
  if (route.rewrite?.prefix !== undefined && route.path === undefined) {
    problems.push({
      path: [...path, "rewrite", "prefix"],
      message: "needs path beside it, the prefix that is replaced",
    });
  }
  const services = serviceNames(name, app);
  if (route.service !== undefined && !services.includes(route.service)) {
    problems.push({
      path: [...path, "service"],
      message: `expected a Service of ${name} (${services.join(", ")}), got "${route.service}"`,
    });
  }
  for (const [index, { app: other }] of (route.backends ?? []).entries()) {
    if (other in prototype.apps) continue;
    const apps = Object.keys(prototype.apps);
    problems.push({
      path: [...path, "backends", index, "app"],
      message: `expected an application of the stack, got "${other}"${didYouMean(other, apps)}`,
    });
  }
  const listeners = listenersFor(gateway, route);
  if (listeners.length === 0) {
    const message = `speaks of paths, methods or headers, but no listener of Gateway ${gateway.namespace}/${gateway.name} (${known.join(", ")}) opens the TLS; add one of protocol HTTP or HTTPS`;
    problems.push({ path, message });
  }
  for (const listenerName of listeners) {
    const listener = gateway.listeners[listenerName];
    if (!listener) {
      problems.push({
        path: [...path, "listener"],
        message: `expected a listener of Gateway ${gateway.namespace}/${gateway.name} (${known.join(", ")}), got "${listenerName}"${didYouMean(listenerName, known)}`,
      });
      continue;
    }
    if (listener.tls?.mode !== "Passthrough") continue;
    if (!saysNothingAboutHttp(route)) {
      problems.push({
        path,
        message: `speaks of paths, methods or headers, but listener ${listenerName} passes TLS through unread; only host names can be routed there`,
      });
    } else if (route.hostnames === undefined && listener.hostname === undefined) {
      problems.push({
        path: [...path, "hostnames"],
        message: `missing; listener ${listenerName} has no hostname, and a TLSRoute needs one`,
      });
    }
    const targets = route.backends?.map((backend) => backend.app) ?? [name];
    for (const target of targets) {
      const targetApp = prototype.apps[target];
      if (targetApp && speaks(targetApp) !== "https") {
        problems.push(clearTextBehindPassthrough([...gateway.path, "listeners", listenerName, "tls", "mode"], target));
      }
    }
  }
  return problems;
}
