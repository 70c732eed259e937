import pc from "../terminal/colours.ts";
import type { Edge, Node, TlsState } from "../topology/graph-model.ts";
import type { Topology } from "../topology/model.ts";

type TrafficEdge = Extract<Edge, { type: "traffic" }>;

/** Who can read the bytes on a wire, as it is drawn between two stations. */
const WIRES: Readonly<Record<TlsState, string>> = {
  clear: "──▶",
  "tls-to-gateway": "═TLS═▶",
  passthrough: "═end-to-end TLS═▶",
  "mesh-mtls": "═mTLS═▶",
  "backend-tls": "═TLS═▶",
};

/** A line for every way from a client to a pod, and for every way that ends before one. */
export function pathsText({ nodes, edges }: Pick<Topology, "nodes" | "edges">): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const from = new Map<string, TrafficEdge[]>();
  for (const edge of edges) {
    if (edge.type === "traffic") from.set(edge.from, [...(from.get(edge.from) ?? []), edge]);
  }
  const lines: string[] = [];
  const walk = (id: string, path: readonly TrafficEdge[]): void => {
    const next = (from.get(id) ?? []).filter((edge) => !path.includes(edge));
    if (next.length === 0 && path.length > 0) lines.push(line(path, byId));
    for (const edge of next) walk(edge.to, [...path, edge]);
  };
  for (const node of nodes) if (node.type === "client") walk(node.id, []);
  return [...new Set(lines)].sort();
}

function line(path: readonly TrafficEdge[], nodes: ReadonlyMap<string, Node>): string {
  let text = "";
  let wire: TlsState | undefined;
  for (const edge of path) {
    const node = nodes.get(edge.to);
    if (node === undefined) continue;
    const station = stationText(node, edge);
    // Between the parts of one gateway nothing travels; the wire is drawn where bytes do.
    const inside = node.type === "listener" || node.type === "route";
    text += inside ? ` ${station}` : `${text === "" ? "" : " "}${pc.dim(WIRES[edge.tls])} ${station}`;
    wire = edge.tls;
    if (!edge.ok) text += ` ${pc.red(`✗ ${edge.reason ?? "broken"}`)}`;
  }
  return wire === undefined ? text : text.trimStart();
}

function stationText(node: Node, edge: TrafficEdge): string {
  switch (node.type) {
    case "listener":
      return `listener ${node.label}${edge.hostnames.length > 0 ? ` (${edge.hostnames.join(", ")})` : ""}`;
    case "route":
      return pc.bold(`${node.ref?.kind ?? "route"} ${node.label}`);
    case "service":
      return [...edge.matches.map((match) => pc.cyan(match)), node.label].join(" ");
    case "pod":
      return `pod ${node.label}`;
    default:
      return node.label;
  }
}
