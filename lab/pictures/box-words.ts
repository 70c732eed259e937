import { type Fields, fields, text } from "../manifests/fields.ts";
import type { Edge, Node } from "../topology/graph-model.ts";

/** Boxes show so many matches; the rest is told as a number. */
const MOST_LINES = 12;

export type TrafficEdge = Extract<Edge, { type: "traffic" }>;

/** The lines of a box, and at which of them a rule or an Ingress path begins. */
export interface Lines {
  readonly texts: readonly string[];
  readonly starts: ReadonlyMap<unknown, readonly number[]>;
}

export const NO_LINES: Lines = { texts: [], starts: new Map() };

/** What a box of the request paths says below its title. */
export function linesOf(node: Node, edges: readonly TrafficEdge[]): Lines {
  if (node.type === "route") return routeLines(node, edges);
  if (node.type === "listener" && node.listener !== undefined) {
    const { hostname, tls } = node.listener;
    return { ...NO_LINES, texts: [hostname ?? "any host", ...(tls === undefined ? [] : [`TLS ${tls.mode}`])] };
  }
  if (node.type === "service" && node.servicePort === undefined && node.service === undefined) {
    return { ...NO_LINES, texts: ["does not exist"] };
  }
  return NO_LINES;
}

function routeLines(node: Extract<Node, { type: "route" }>, edges: readonly TrafficEdge[]): Lines {
  const texts: string[] = [];
  const starts = new Map<unknown, number[]>();
  const add = (key: unknown, line: string) => {
    starts.set(key, [...(starts.get(key) ?? []), Math.min(texts.length, MOST_LINES - 1)]);
    texts.push(line);
  };
  const { route, ingress } = node;
  if (route !== undefined) {
    const matches = new Map(edges.filter(({ from }) => from === node.id).map((edge) => [edge.rule, edge.matches]));
    for (const rule of route.rules) {
      const words = matches.get(rule) ?? rule.matches.map(({ path }) => `${path.type} ${path.value}`);
      for (const match of words) add(rule, match);
      if (words.length === 0)
        add(rule, route.kind === "TLSRoute" ? sniLine(route.hostnames) : `rule ${rule.index + 1}`);
      for (const filter of rule.filters) texts.push(`  ${filterWords(filter)}`);
      if (rule.backends.length > 1) texts.push(`  ${rule.backends.map(({ weight }) => weight).join(" : ")} by weight`);
    }
  }
  for (const { host, paths } of ingress?.rules ?? []) {
    for (const path of paths) add(path, `${path.pathType} ${path.path}${host === undefined ? "" : ` of ${host}`}`);
  }
  return { texts: cut(texts), starts };
}

function sniLine(hostnames: readonly string[]): string {
  return hostnames.length === 0 ? "any SNI" : `SNI ${hostnames.join(", ")}`;
}

function filterWords(filter: Fields): string {
  const redirect = fields(filter.requestRedirect);
  if (filter.type === "RequestRedirect") {
    const to = [redirect.scheme, redirect.hostname, redirect.port].filter((part) => part !== undefined);
    return `redirect ${redirect.statusCode ?? 302}${to.length === 0 ? "" : ` to ${to.join(" ")}`}`;
  }
  return `filter ${text(filter.type) ?? ""}`;
}

/** As many lines as a box shows. */
export function cut(lines: readonly string[]): string[] {
  if (lines.length <= MOST_LINES) return [...lines];
  return [...lines.slice(0, MOST_LINES - 1), `and ${lines.length - MOST_LINES + 1} more`];
}

/** The kind and the name of a box. */
export function headOf(node: Node): { caption: string; title: string } {
  switch (node.type) {
    case "client":
      return { caption: "outside", title: "client" };
    case "address": {
      const name = node.label.slice(node.label.indexOf("/") + 1).replace(/^ingress /, "");
      const owner = node.ref === undefined ? "Ingress controller" : `address of ${node.ref.kind}`;
      return { caption: node.address ?? owner, title: name };
    }
    case "listener":
      return { caption: `listener, ${node.listener?.protocol ?? node.label.toUpperCase()}`, title: node.label };
    case "route":
      return { caption: node.ref?.kind ?? "route", title: node.label };
    case "service":
      return { caption: "Service", title: node.label };
    case "pod":
      return { caption: podCaption(node), title: node.label };
    default:
      return { caption: node.type, title: node.label };
  }
}

function podCaption({ workload }: Extract<Node, { type: "pod" }>): string {
  if (workload === undefined) return "pods";
  const many = workload.kind === "Pod" ? "" : `, ${workload.replicas} ${workload.replicas === 1 ? "pod" : "pods"}`;
  return `${workload.kind}${many}`;
}
