import type { ProbeRequest } from "../probe/model.ts";
import { compareSpecificity, hostMatches } from "../topology/hostnames.ts";
import { hostOf } from "./matching/hostname.ts";
import type { ListenerPlan, RefusedListener } from "./plan/model.ts";
import type { RunningGateway, ServedPort } from "./serve.ts";

/** Where a request goes, or why it can go nowhere. */
export type FoundPort =
  | { readonly port: ServedPort; readonly local: { readonly host: string; readonly port: number } }
  | { readonly refused: string };

/**
 * Finds the address for a request that names only a listener's port. When several Gateways have that port: the one
 * whose listener's hostname matches the host (SNI for TLS) best, then one that has a route for the host, then for the
 * whole request, then the first. A request may name its Gateway.
 */
export function findPort(gateway: RunningGateway, request: ProbeRequest): FoundPort {
  const candidates = gateway.ports.filter((port) => port.port === request.port && isNamed(port, request.gateway));
  const [best] = candidates
    .map((port, order) => ({ port, order, fit: fitOf(port, request) }))
    .sort((a, b) => compareFit(a.fit, b.fit) || a.order - b.order);
  if (best === undefined) return { refused: noPort(gateway, request) };
  const { port } = best;
  if (port.local !== undefined) return { port, local: port.local };
  const reasons = port.refused.map(({ name, why }) => `listener ${name}: ${why}`).join("; ");
  return { refused: `connection refused: ${port.owner.kind} ${port.owner.name} port ${port.port}, ${reasons}` };
}

function isNamed({ owner }: ServedPort, wanted: string | undefined): boolean {
  if (wanted === undefined || owner.name === wanted) return true;
  return wanted === "ingress" && owner.kind === "Ingress controller";
}

function noPort(gateway: RunningGateway, request: ProbeRequest): string {
  const own = gateway.ports.filter((port) => isNamed(port, request.gateway));
  const known = [...new Set(own.map(({ port }) => port))].sort((a, b) => a - b);
  const of = request.gateway === undefined ? "" : ` of ${request.gateway}`;
  const there = known.length === 0 ? "nothing listens at all" : `there are ports ${known.join(", ")}`;
  return `connection refused: no listener${of} has port ${request.port}; ${there}`;
}

interface Fit {
  readonly transport: boolean;
  /** The hostname by which a listener matches; undefined = none does. */
  readonly hostname: string | undefined;
  readonly knowsHost: boolean;
  readonly routed: boolean;
}

function compareFit(a: Fit, b: Fit): number {
  return (
    Number(b.transport) - Number(a.transport) ||
    Number(b.hostname !== undefined) - Number(a.hostname !== undefined) ||
    compareSpecificity(a.hostname ?? "*", b.hostname ?? "*") ||
    Number(b.knowsHost) - Number(a.knowsHost) ||
    Number(b.routed) - Number(a.routed)
  );
}

function fitOf(port: ServedPort, request: ProbeRequest): Fit {
  const host = hostOf(request.host);
  const name = request.scheme === "https" ? (request.sni ?? host).toLowerCase() : host;
  const all: readonly (ListenerPlan | RefusedListener)[] = [...port.listeners, ...port.refused];
  const [listener] = all
    .filter(({ hostname }) => hostMatches(hostname ?? "*", name))
    .sort((a, b) => compareSpecificity(a.hostname ?? "*", b.hostname ?? "*"));
  return {
    transport: (port.transport === "tls") === (request.scheme === "https"),
    hostname: listener && (listener.hostname ?? "*"),
    knowsHost: listener !== undefined && "mode" in listener && knowsHost(listener, host, name),
    routed: listener !== undefined && "mode" in listener && isRouted(listener, host, request),
  };
}

function knowsHost({ mode }: ListenerPlan, host: string, sni: string): boolean {
  return "router" in mode ? mode.router.knowsHost(host) : mode.routes.find(sni) !== undefined;
}

/** Whether a rule matches; a decision changes nothing but the turn of weights. */
function isRouted({ mode }: ListenerPlan, host: string, request: ProbeRequest): boolean {
  if (!("router" in mode)) return true;
  const [path = "/", query = ""] = request.path.split("?", 2);
  const headers = Object.fromEntries(Object.entries(request.headers ?? {}).map(([k, v]) => [k.toLowerCase(), v]));
  const { scheme, port: listenerPort, method = "GET" } = request;
  return mode.router.decide({ scheme, listenerPort, host, path, query, method, headers }).rule !== undefined;
}
