import { ANY_HOST, hostMatches } from "../../topology/hostnames.ts";
import type { Gateway, Listener, Topology } from "../../topology/model.ts";
import { HttpRouter, type RouterOptions } from "../matching/http-router.ts";
import { HttpRoutes, tlsRoutesOf } from "./attached-routes.ts";
import { BackendTargets } from "./backend-target.ts";
import { ingressPorts } from "./ingress-plan.ts";
import { certificateRefusal, refusalOf } from "./listener-validity.ts";
import type {
  AddressOwner,
  CertificateSource,
  GatewayPlan,
  ListenerMode,
  ListenerPlan,
  PortPlan,
  RefusedListener,
  SecretUse,
} from "./model.ts";

/** Gateway classes whose Gateways are not entered from outside: Istio's waypoints and east-west gateways. */
const NOT_ENTERED = new Set(["istio-waypoint", "istio-east-west", "istio-remote"]);

/** Works out what listens where and what each listener does, for every Gateway and for the Ingresses together. */
export function planGateway(topology: Topology, options: RouterOptions = {}): GatewayPlan {
  const targets = new BackendTargets(topology);
  const routes = new HttpRoutes(targets);
  const gateways = topology.gateways.filter((gateway) => !NOT_ENTERED.has(gateway.className ?? ""));
  return {
    ports: [
      ...gateways.flatMap((gateway) => gatewayPorts(gateway, { targets, routes, options })),
      ...ingressPorts(topology, targets, options.random),
    ],
  };
}

interface Context {
  readonly targets: BackendTargets;
  readonly routes: HttpRoutes;
  readonly options: RouterOptions;
}

function gatewayPorts(gateway: Gateway, context: Context): PortPlan[] {
  const owner: AddressOwner = { kind: gateway.ref.kind, name: `${gateway.namespace}/${gateway.name}` };
  const byPort = new Map<number, { listeners: ListenerPlan[]; refused: RefusedListener[]; tls: boolean }>();
  for (const listener of gateway.listeners) {
    const { name, protocol, hostname } = listener;
    const port = typeof listener.port === "number" ? listener.port : 0;
    const group = byPort.get(port) ?? { listeners: [], refused: [], tls: false };
    byPort.set(port, group);
    const why = refusalOf(listener, gateway);
    if (why !== undefined) {
      group.refused.push({ name, protocol, hostname, why });
      continue;
    }
    group.tls = protocol !== "HTTP";
    group.listeners.push({ name, protocol, hostname, mode: modeOf(listener, context) });
  }
  return [...byPort].map(([port, { listeners, refused, tls }]) => {
    return { owner, port, transport: tls ? "tls" : "clear", listeners, refused };
  });
}

function modeOf(listener: Listener, { targets, routes, options }: Context): ListenerMode {
  const { protocol, tls } = listener;
  if (protocol === "HTTP") return { type: "http", router: new HttpRouter(routes.of(listener), options) };
  if (protocol === "TLS") {
    const tlsRoutes = tlsRoutesOf(listener, targets);
    return tls?.mode === "Passthrough"
      ? { type: "tls-passthrough", routes: tlsRoutes }
      : { type: "tls-terminate", routes: tlsRoutes, certificates: certificatesOf(listener) };
  }
  const router = new HttpRouter(routes.of(listener), options);
  return { type: "https", router, certificates: certificatesOf(listener), checkHost: true };
}

/** "MUST use the longest matching SNI out of all available certificates"; else the first. @see Listener.tls */
function certificatesOf(listener: Listener): CertificateSource {
  const served = hostnamesServed(listener);
  const all = (listener.tls?.certificates ?? [])
    .filter((ref) => certificateRefusal(ref) === undefined)
    .map((ref): SecretUse => {
      const declared = ref.resolution.certificate?.dnsNames ?? [];
      const isDeclared = declared.length > 0;
      return {
        namespace: ref.namespace,
        name: ref.name,
        hostnames: isDeclared ? declared : served,
        declared: isDeclared,
      };
    });
  const [first] = all;
  return {
    all,
    secretFor(sni) {
      if (all.length === 1 || sni === undefined) return first;
      return all.find((use) => use.hostnames.some((name) => name !== ANY_HOST && hostMatches(name, sni))) ?? first;
    },
  };
}

function hostnamesServed(listener: Listener): string[] {
  const attached = listener.attachments.filter(({ accepted }) => accepted).flatMap(({ hostnames }) => hostnames);
  const names = new Set([...(listener.hostname === undefined ? [] : [listener.hostname]), ...attached]);
  return names.size === 0 ? [ANY_HOST] : [...names];
}
