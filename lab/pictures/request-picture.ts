import type { Node } from "../topology/graph-model.ts";
import { cut, headOf, type Lines, linesOf, NO_LINES, type TrafficEdge } from "./box-words.ts";
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

/** More Services than this that no route leads to are one box of a lane. */
const MOST_INNER = 2;
/** The lane of an Ingress controller, which is in no namespace of the set. */
const CONTROLLER = "controller";

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
