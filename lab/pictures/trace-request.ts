import type { ArrivedRequest, RuleTrace } from "../gateway/matching/decision.ts";
import { HostIndex, hostOf } from "../gateway/matching/hostname.ts";
import { chooseByWeight } from "../gateway/matching/weights.ts";
import { decideOnPort } from "../gateway/plan/decide.ts";
import type { GatewayPlan, ListenerPlan, PortPlan, TlsTarget } from "../gateway/plan/model.ts";

/** A request as a person types it. */
export interface TypedRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly sni?: string | undefined;
  /** "namespace/name" of the Gateway it is sent to; undefined = whoever answers best, as if the host led there. */
  readonly gateway?: string | undefined;
  /** The gateway's port, when the URL names another one (port-forward). */
  readonly port?: number | undefined;
}

/** Which way a request takes, or where it ends and why. Statuses are those the rehearsal's gateway answers with. */
export interface RequestPath {
  readonly outcome: "forwarded" | "passed" | "answered" | "refused";
  /** The HTTP status when the gateway answers itself. */
  readonly status: number | undefined;
  readonly port: PortPlan | undefined;
  readonly listener: ListenerPlan | undefined;
  readonly rule: RuleTrace | undefined;
  readonly backend:
    | { readonly namespace: string; readonly service: string; readonly port: number | undefined }
    | undefined;
  /** What the backend is asked, when it differs. */
  readonly backendUrl: string | undefined;
  readonly location: string | undefined;
  readonly why: string | undefined;
  /** Other gateways that would forward it, too: DNS decides. */
  readonly rivals: readonly string[];
}

/**
 * Finds the way of a request through a plan of gateways, with the matching code that the rehearsal serves with.
 * @throws Error with one sentence for the person when the URL cannot be read
 */
export function traceRequest(plan: GatewayPlan, request: TypedRequest): RequestPath {
  const url = readUrl(request.url);
  const scheme = url.protocol === "https:" ? "https" : "http";
  const port = request.port ?? (url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port));
  const asked = plan.ports.filter(({ owner }) => request.gateway === undefined || owner.name === request.gateway);
  const ports = asked.filter((candidate) => candidate.port === port);
  if (ports.length === 0) {
    const open = [...new Set(asked.map((candidate) => candidate.port))].sort((a, b) => a - b).join(", ");
    return refused(undefined, undefined, `no gateway listens on port ${port}; ports: ${open || "none"}`);
  }
  const paths = ports.map((candidate) => traceOnPort(candidate, request, url, scheme));
  const [best = refused(undefined, undefined, "no gateway"), ...others] = paths.sort((a, b) => rank(a) - rank(b));
  const rivals = others
    .filter((other) => rank(other) === 0 && rank(best) === 0)
    .map(({ port: at }) => at?.owner.name ?? "");
  return { ...best, rivals };
}

function readUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  } catch {
    throw new Error(`not a URL: ${text}`);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new Error(`not an http or https URL: ${text}`);
  return url;
}

function rank({ outcome, status }: RequestPath): number {
  if (outcome === "forwarded" || outcome === "passed") return 0;
  if (outcome === "refused") return 3;
  return status === 404 ? 2 : 1;
}

function traceOnPort(port: PortPlan, request: TypedRequest, url: URL, scheme: "http" | "https"): RequestPath {
  if (port.listeners.length === 0) {
    const why = port.refused.map((listener) => `listener ${listener.name}: ${listener.why}`).join("; ");
    return refused(port, undefined, `no listener of the port serves (${why})`);
  }
  if ((port.transport === "tls") !== (scheme === "https")) {
    const why = scheme === "https" ? "a TLS handshake on a port for clear HTTP" : "clear HTTP on a port for TLS";
    return refused(port, undefined, why);
  }
  const listeners = new HostIndex<ListenerPlan>();
  for (const listener of port.listeners) listeners.set(listener.hostname, listener);
  const sni = scheme === "https" ? (request.sni ?? url.hostname) : undefined;
  if (sni !== undefined) {
    const listener = listeners.find(sni);
    if (listener === undefined) return refused(port, undefined, `no listener has the SNI ${sni || "(none)"}`);
    const { mode } = listener;
    if (mode.type === "tls-passthrough" || mode.type === "tls-terminate") {
      return traceTls(port, listener, mode.routes.find(sni), sni);
    }
  }
  const arrived: ArrivedRequest = {
    scheme,
    listenerPort: port.port,
    host: hostOf(request.headers.host ?? url.host),
    path: url.pathname,
    query: url.search.slice(1),
    method: request.method,
    headers: request.headers,
  };
  const { listener, decision } = decideOnPort(port, listeners, arrived, sni);
  const common = { port, listener, rule: decision.rule, rivals: [] };
  if (decision.type === "respond") {
    const { status, why, headers } = decision;
    return {
      ...common,
      outcome: "answered",
      status,
      why,
      location: headers.location,
      backend: undefined,
      backendUrl: undefined,
    };
  }
  const { backend, url: sent } = decision;
  const backendUrl = sent === `${url.pathname}${url.search}` ? undefined : sent;
  return {
    ...common,
    outcome: "forwarded",
    status: undefined,
    why: decision.rule.note,
    location: undefined,
    backend,
    backendUrl,
  };
}

/** Of weighted backends the page shows the first that gets anything: the same answer each time. */
export const firstOfAll = () => 0;

function traceTls(port: PortPlan, listener: ListenerPlan, target: TlsTarget | undefined, sni: string): RequestPath {
  if (target === undefined) return refused(port, listener, `no TLSRoute has the SNI ${sni}`);
  const chosen = chooseByWeight(target.backends, firstOfAll)?.target;
  const why = chosen === undefined ? "no backendRef with a weight above 0" : chosen.failure?.why;
  if (chosen === undefined || why !== undefined) return { ...refused(port, listener, why ?? ""), rule: target.rule };
  return { ...refused(port, listener, ""), outcome: "passed", why: undefined, rule: target.rule, backend: chosen };
}

function refused(port: PortPlan | undefined, listener: ListenerPlan | undefined, why: string): RequestPath {
  return {
    outcome: "refused",
    status: undefined,
    port,
    listener,
    rule: undefined,
    backend: undefined,
    backendUrl: undefined,
    location: undefined,
    why,
    rivals: [],
  };
}
