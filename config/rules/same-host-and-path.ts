import { gatewayOfApp, listenersFor } from "../derive/gateways.ts";
import type { Path, Problem } from "../problem.ts";
import type { Prototype } from "../schema.ts";

/** Two applications must not claim one host and path at one door: only one of them would ever answer. */
export function sameHostAndPath(prototype: Prototype): Problem[] {
  const owner = new Map<string, string>();
  const problems: Problem[] = [];
  const claim = (key: string, name: string, path: Path, words: string) => {
    const other = owner.get(key);
    if (other === undefined) owner.set(key, name);
    else if (other !== name)
      problems.push({
        path,
        message: `${words} is also claimed by application ${other}; only one of them would answer`,
      });
  };
  for (const [name, app] of Object.entries(prototype.apps)) {
    for (const path of app.ingress?.paths ?? []) {
      const host = app.ingress?.host ?? "*";
      claim(`ingress ${app.ingress?.class} ${host}${path}`, name, ["apps", name, "ingress"], `${host}${path}`);
    }
    const gateway = gatewayOfApp(prototype, name);
    if (!gateway) continue;
    for (const [index, route] of (app.gateway?.routes ?? []).entries()) {
      for (const listener of listenersFor(gateway, route)) {
        for (const host of route.hostnames ?? [gateway.listeners[listener]?.hostname ?? "*"]) {
          const match = JSON.stringify([
            route.exact ?? null,
            route.path ?? null,
            route.method ?? null,
            route.headers ?? null,
            route.query ?? null,
          ]);
          const words = `${host}${route.exact ?? route.path ?? "/"} on listener ${listener} of Gateway ${gateway.namespace}/${gateway.name}`;
          claim(
            `${gateway.namespace}/${gateway.name}/${listener} ${host} ${match}`,
            name,
            ["apps", name, "gateway", "routes", index],
            words,
          );
        }
      }
    }
  }
  return problems;
}
