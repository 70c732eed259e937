import type { AppGatewayConfig, ListenerConfig, Prototype, SharedGatewayConfig } from "../schema.ts";
import { ambientNamespaces, namespaceOf } from "./apps.ts";
import { once } from "./once.ts";

/** A Gateway of the stack, whether an application's own or shared. */
export interface GatewaySpec {
  readonly name: string;
  readonly namespace: string;
  readonly class: string;
  readonly service: "LoadBalancer" | "ClusterIP";
  readonly portForward?: number;
  readonly address?: string;
  readonly listeners: Readonly<Record<string, ListenerConfig>>;
  /** Whether its namespace is in the ambient mesh. */
  readonly ambient: boolean;
  /** Where it is declared, below `learn:`. */
  readonly path: readonly string[];
}

/** The GatewayClass of the installed controller; Istio's where both are there. */
export function defaultClass({ platform }: Pick<Prototype, "platform">): string {
  return platform.nginxGatewayFabric && !platform.istio ? "nginx" : "istio";
}

/** The Gateways of a stack: shared ones first, then each application's own, named `<app>-gateway`. */
export const gatewaysOf = once((prototype: Prototype): readonly GatewaySpec[] => {
  const shared = Object.entries(prototype.gateways).map(([name, gateway]) =>
    spec(prototype, name, namespaceOf(name, gateway), gateway, gateway.listeners, ["gateways", name]),
  );
  const own = Object.entries(prototype.apps).flatMap(([name, app]) =>
    app.gateway?.listeners
      ? [
          spec(prototype, `${name}-gateway`, namespaceOf(name, app), app.gateway, app.gateway.listeners, [
            "apps",
            name,
            "gateway",
          ]),
        ]
      : [],
  );
  return [...shared, ...own];
});

/** The same by where they are declared: `gateways/edge`, `apps/mango`. */
const gatewaysByPlace = once(
  (prototype: Prototype) =>
    new Map(gatewaysOf(prototype).map((gateway) => [gateway.path.slice(0, 2).join("/"), gateway])),
);

/** The Gateway an application's routes attach to. */
export function gatewayOfApp(prototype: Prototype, appName: string): GatewaySpec | undefined {
  const gateway = prototype.apps[appName]?.gateway;
  if (!gateway) return undefined;
  const place = gateway.parent === undefined ? `apps/${appName}` : `gateways/${gateway.parent}`;
  return gatewaysByPlace(prototype).get(place);
}

/** Listeners that can carry a route: those it names, else those whose protocol fits what it is. */
export function listenersFor(gateway: GatewaySpec, route: AppGatewayConfig["routes"][number]): string[] {
  if (route.listener !== undefined) return [route.listener].flat();
  const carries = Object.entries(gateway.listeners).filter(([, { tls }]) => tls?.mode !== "Passthrough");
  const fitting = isPlain(route) && carries.length === 0 ? Object.entries(gateway.listeners) : carries;
  return fitting.map(([name]) => name);
}

/** A route that says nothing about HTTP: it may also be carried by TLS passthrough. */
function isPlain(route: AppGatewayConfig["routes"][number]): boolean {
  const { path, exact, method, headers, query, redirect, rewrite, requestHeaders, responseHeaders } = route;
  return [path, exact, method, headers, query, redirect, rewrite, requestHeaders, responseHeaders].every(
    (field) => field === undefined,
  );
}

export { isPlain as saysNothingAboutHttp };

function spec(
  prototype: Prototype,
  name: string,
  namespace: string,
  gateway: Omit<SharedGatewayConfig, "listeners" | "namespace"> | AppGatewayConfig,
  listeners: Readonly<Record<string, ListenerConfig>>,
  path: readonly string[],
): GatewaySpec {
  return {
    name,
    namespace,
    class: gateway.class ?? defaultClass(prototype),
    service: gateway.service,
    ...(gateway.portForward === undefined ? {} : { portForward: gateway.portForward }),
    ...(gateway.address === undefined ? {} : { address: gateway.address }),
    listeners,
    // Asked for when needed: it depends on every application.
    get ambient() {
      return ambientNamespaces(prototype).has(namespace);
    },
    path,
  };
}
