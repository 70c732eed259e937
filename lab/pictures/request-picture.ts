import { type Fields, fields, text } from "../manifests/fields.ts";
import type { Edge, Node } from "../topology/graph-model.ts";
import { type Breaks, breaksOf } from "./breaks.ts";
import type { Box, Diagram, Lane, Wire } from "./diagram.ts";
import type { PictureInput, PictureTopology } from "./model.ts";
import { WIRE_STATES, type WireState } from "./wire-state.ts";

const COLUMNS = ["Client", "Address : port", "Listener", "Route and match", "Service : port", "Pods : port"];
const WIDTHS = [88, 186, 178, 244, 190, 190];
const COLUMN_OF: Readonly<Record<string, number>> = {
  client: 0,
  address: 1,
  listener: 2,
  route: 3,
  service: 4,
  pod: 5,
};

/** Boxes show so many matches; the rest is told as a number. */
const MOST_LINES = 12;
/** More Services than this that no route leads to are one box of a lane. */
const MOST_INNER = 2;
/** The lane of an Ingress controller, which is in no namespace of the set. */
const CONTROLLER = "controller";

export type TrafficEdge = Extract<Edge, { type: "traffic" }>;

/** The request paths of a topology: client → address → listener → route → Service → pods, in lanes by namespace. */
export function requestPicture(input: Pick<PictureInput, "stack" | "topology" | "findings">): Diagram {
  const { topology, stack } = input;
  const edges = trafficEdges(topology);
  const breaks = breaksOf(topology.nodes, edges, input.findings);
  const shown = new Map(topology.nodes.filter(({ type }) => type in COLUMN_OF).map((node) => [node.id, node]));
  const inner = innerServices(shown, edges);
  for (const { hidden } of inner.values()) for (const id of hidden) shown.delete(id);
  const lines = new Map([...shown.values()].map((node) => [node.id, linesOf(node, edges)]));
  const boxes = [
    ...[...shown.values()].map((node) => boxOf(node, lines.get(node.id) ?? NO_LINES, breaks)),
    ...[...inner].map(([namespace, group]) => innerBox(namespace, group.services)),
  ];
  const wires = byState(edges.filter((edge) => shown.has(edge.from) && shown.has(edge.to))).flatMap((edge) =>
    wiresOf(edge, lines.get(edge.from) ?? NO_LINES, breaks, shown),
  );
  const states = new Set<WireState>(wires.map(({ state }) => state));
  return {
    title: `Request paths of ${stack}`,
    description: describe(stack, boxes, wires),
    columns: COLUMNS,
    widths: WIDTHS,
    lanes: lanesOf(boxes, topology),
    boxes,
    wires: labelled(wires),
    legend: stateOrder.filter((state) => states.has(state)),
  };
}

const stateOrder: readonly WireState[] = [
  "clear",
  "tls-to-gateway",
  "passthrough",
  "mesh-mtls",
  "backend-tls",
  "broken",
];

/** The wires that requests take. */
export function trafficEdges({ edges }: Pick<PictureTopology, "edges">): TrafficEdge[] {
  return edges.filter((edge) => edge.type === "traffic");
}

/**
 * An Ingress controller's HTTPS side both ends TLS and passes it through: the one edge that leads there becomes one for
 * each state that leads on from it.
 */
function byState(edges: readonly TrafficEdge[]): TrafficEdge[] {
  return edges.flatMap((edge) => {
    if (!edge.from.startsWith("address/") || edge.attachment !== undefined) return [edge];
    const states = new Set(edges.filter(({ from, ok }) => from === edge.to && ok).map(({ tls }) => tls));
    return states.size < 2 ? [edge] : [...states].map((tls) => ({ ...edge, tls }));
  });
}

interface InnerGroup {
  readonly services: Node[];
  /** Ids of nodes that the group stands for: the Services, and pods that nothing else leads to. */
  readonly hidden: Set<string>;
}

/** Services that only applications call, by namespace, where they are so many that they would hide the paths. */
function innerServices(nodes: ReadonlyMap<string, Node>, edges: readonly TrafficEdge[]): Map<string, InnerGroup> {
  const reached = new Set(edges.map(({ to }) => to));
  const groups = new Map<string, InnerGroup>();
  for (const node of nodes.values()) {
    if (node.type !== "service" || reached.has(node.id) || node.namespace === null) continue;
    const group = groups.get(node.namespace) ?? { services: [], hidden: new Set() };
    group.services.push(node);
    groups.set(node.namespace, group);
  }
  for (const [namespace, { services, hidden }] of groups) {
    if (services.length <= MOST_INNER) {
      groups.delete(namespace);
      continue;
    }
    for (const { id } of services) hidden.add(id);
    for (const { to } of edges.filter(({ from }) => hidden.has(from))) {
      if (edges.every((edge) => edge.to !== to || hidden.has(edge.from))) hidden.add(to);
    }
  }
  return groups;
}

function innerBox(namespace: string, services: readonly Node[]): Box {
  const labels = services.map(({ label }) => label);
  return {
    id: `inner/${namespace}`,
    type: "group",
    column: 4,
    lane: namespace,
    caption: "called by pods only",
    title: `${services.length} Services`,
    lines: cut(labels),
    tooltip: `${services.length} Services of ${namespace} that no route leads to: ${labels.join(", ")}`,
  };
}

function lanesOf(boxes: readonly Box[], { namespaceLabels }: PictureTopology): Lane[] {
  const ids = [...new Set(boxes.map(({ lane }) => lane))].filter((id) => id !== null);
  return ids.map((id) => {
    if (id === CONTROLLER) return { id, title: "Ingress controller" };
    const ambient = namespaceLabels.get(id)?.["istio.io/dataplane-mode"] === "ambient";
    return { id, title: `namespace ${id}${ambient ? " – in the ambient mesh" : ""}` };
  });
}

/** The lines of a box, and at which of them a rule or an Ingress path begins. */
interface Lines {
  readonly texts: readonly string[];
  readonly starts: ReadonlyMap<unknown, readonly number[]>;
}

const NO_LINES: Lines = { texts: [], starts: new Map() };

function linesOf(node: Node, edges: readonly TrafficEdge[]): Lines {
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

function cut(lines: readonly string[]): string[] {
  if (lines.length <= MOST_LINES) return [...lines];
  return [...lines.slice(0, MOST_LINES - 1), `and ${lines.length - MOST_LINES + 1} more`];
}

function boxOf(node: Node, { texts }: Lines, breaks: Breaks): Box {
  const finding = breaks.boxes.get(node.id)?.[0];
  const { caption, title } = headOf(node);
  const name = node.namespace === null ? title : `${node.namespace}/${title}`;
  const told = (breaks.boxes.get(node.id) ?? []).map(({ rule, message }) => `${rule}: ${message}`);
  return {
    id: node.id,
    type: node.type,
    column: COLUMN_OF[node.type] ?? 0,
    lane: node.type === "client" ? null : (node.namespace ?? CONTROLLER),
    caption,
    title,
    lines: texts,
    tooltip: [`${caption} ${name}`, ...texts.map((line) => line.trim()), ...told].join("; "),
    badge: finding && { text: finding.rule, severity: finding.severity },
  };
}

function headOf(node: Node): { caption: string; title: string } {
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

/** A wire for each line of the box from which the edge leads. */
function wiresOf(edge: TrafficEdge, lines: Lines, breaks: Breaks, nodes: ReadonlyMap<string, Node>): Wire[] {
  const why = breaks.wires.get(edge.id);
  const state: WireState = why === undefined ? edge.tls : "broken";
  const starts: readonly (number | undefined)[] = lines.starts.get(edge.rule ?? edge.ingressPath) ?? [undefined];
  const ends = [edge.from, edge.to].map((id) => nodes.get(id)?.label ?? id).join(" → ");
  const hosts = edge.hostnames.length === 0 ? "" : `, host ${edge.hostnames.join(", ")}`;
  const told = why === undefined ? WIRE_STATES[state].meaning : `broken: ${why}`;
  return [...new Set(starts)].map((fromLine) => ({
    id: `${edge.id} ${edge.tls}${fromLine === undefined ? "" : ` @${fromLine}`}`,
    edges: [edge.id],
    from: edge.from,
    to: edge.to,
    fromLine,
    state,
    label: why,
    tooltip: `${ends}${hosts}; ${told}`,
  }));
}

/** Writes a state's word on a wire where it differs from what comes in, once for each pair of boxes. */
function labelled(wires: readonly Wire[]): Wire[] {
  const incoming = new Map<string, Set<WireState>>();
  for (const { to, state } of wires) {
    if (state !== "broken") incoming.set(to, (incoming.get(to) ?? new Set()).add(state));
  }
  const told = new Set<string>();
  return wires.map((wire) => {
    const key = `${wire.from} ${wire.to} ${wire.state} ${wire.label ?? ""}`;
    if (told.has(key)) return { ...wire, label: undefined };
    told.add(key);
    if (wire.label !== undefined) return wire;
    const before = incoming.get(wire.from);
    const isNews = before === undefined || !before.has(wire.state) || before.size > 1;
    return { ...wire, label: isNews ? WIRE_STATES[wire.state].label : undefined };
  });
}

function describe(stack: string, boxes: readonly Box[], wires: readonly Wire[]): string {
  const count = (type: string) => boxes.filter((box) => box.type === type).length;
  const broken = wires.filter(({ state }) => state === "broken").length;
  const parts = [`${count("listener")} listeners`, `${count("route")} routes`, `${count("pod")} groups of pods`];
  const end = broken === 0 ? "no wire is broken" : `${broken} broken ${broken === 1 ? "wire" : "wires"}`;
  return `How requests reach the pods of ${stack}: ${parts.join(", ")}; ${end}.`;
}
