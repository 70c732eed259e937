import type { Ref } from "../manifests/object.ts";
import type { Node } from "../topology/graph-model.ts";
import type { PictureFinding } from "./model.ts";

/** Where findings show: on wires, and on boxes for what no wire stands for. */
export interface Breaks {
  /** What is written on a broken wire (the rule, else the API's reason), by id of the edge. */
  readonly wires: ReadonlyMap<string, string>;
  /** Findings about a node, errors first, by id of the node. */
  readonly boxes: ReadonlyMap<string, readonly PictureFinding[]>;
}

/** What of an edge matters here. */
export interface Breakable {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly ok: boolean;
  readonly reason: string | undefined;
}

/**
 * Lays findings over the graph. A finding whose two ends are the ends of a wire breaks that wire; a wire that the
 * topology knows to be broken is so without a finding, too; every finding is also told on the box it starts from.
 */
export function breaksOf(
  nodes: readonly Node[],
  edges: readonly Breakable[],
  findings: readonly PictureFinding[],
): Breaks {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const wires = new Map<string, string>();
  for (const edge of edges) {
    const ends = [byId.get(edge.from)?.ref, byId.get(edge.to)?.ref] as const;
    const found = findings.find((finding) => finding.severity === "error" && joins(finding, ends));
    // A wire that the topology knows to be whole is not broken by a finding about its ends' other wires.
    if (edge.ok && (found === undefined || hasBrokenSibling(edge, edges, byId))) continue;
    wires.set(edge.id, found?.rule ?? edge.reason ?? "broken");
  }
  const boxes = new Map<string, PictureFinding[]>();
  for (const finding of [...findings].sort((a, b) => rank(a) - rank(b))) {
    const node = nodes.find(({ ref, type }) => ref !== undefined && type !== "address" && sameRef(ref, finding.from));
    if (node !== undefined) boxes.set(node.id, [...(boxes.get(node.id) ?? []), finding]);
  }
  return { wires, boxes };
}

function rank({ severity }: PictureFinding): number {
  return severity === "error" ? 0 : 1;
}

function joins({ from, to }: PictureFinding, [a, b]: readonly [Ref | undefined, Ref | undefined]): boolean {
  if (to === null || a === undefined || b === undefined || sameRef(from, to)) return false;
  return (sameRef(from, a) && sameRef(to, b)) || (sameRef(from, b) && sameRef(to, a));
}

function hasBrokenSibling(edge: Breakable, edges: readonly Breakable[], byId: ReadonlyMap<string, Node>): boolean {
  const [from, to] = [byId.get(edge.from)?.ref, byId.get(edge.to)?.ref];
  if (from === undefined || to === undefined) return false;
  return edges.some((other) => {
    const [otherFrom, otherTo] = [byId.get(other.from)?.ref, byId.get(other.to)?.ref];
    if (other.ok || otherFrom === undefined || otherTo === undefined) return false;
    return sameRef(from, otherFrom) && sameRef(to, otherTo);
  });
}

function sameRef(a: Ref, b: Ref): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}
