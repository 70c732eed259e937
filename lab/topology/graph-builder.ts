import type { Edge, Node } from "./graph-model.ts";

/** A node's or an edge's own fields, by type. */
type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

/** Collects nodes and edges, each once, in the order in which they are first met. */
export class GraphBuilder {
  readonly #nodes = new Map<string, Node>();
  readonly #edges = new Map<string, Edge>();

  /** Adds a node unless it is there; gives its id. */
  node(id: string, node: WithoutId<Node>): string {
    if (!this.#nodes.has(id)) this.#nodes.set(id, { id, ...node });
    return id;
  }

  /** Adds an edge unless there is one of the same ends and distinction. */
  edge(distinction: string, edge: WithoutId<Edge>): void {
    const id = `${edge.from} > ${edge.to}${distinction === "" ? "" : ` #${distinction}`}`;
    if (!this.#edges.has(id)) this.#edges.set(id, { id, ...edge });
  }

  get graph(): { nodes: Node[]; edges: Edge[] } {
    return { nodes: [...this.#nodes.values()], edges: [...this.#edges.values()] };
  }
}
