import type { WireState } from "./wire-state.ts";

/**
 * A picture before it has coordinates: boxes in fixed columns from left to right and in lanes from top to bottom,
 * joined by wires. The request paths and the certificate chains are both pictures of this kind.
 */
export interface Diagram {
  readonly title: string;
  /** One sentence for those who cannot see it. */
  readonly description: string;
  /** Headings of the columns; empty where the columns have no common meaning. */
  readonly columns: readonly string[];
  /** Width of each column's boxes, in pixels. */
  readonly widths: readonly number[];
  readonly lanes: readonly Lane[];
  readonly boxes: readonly Box[];
  readonly wires: readonly Wire[];
  /** Which states the legend explains. */
  readonly legend: readonly WireState[];
}

/** A horizontal band: a namespace, or (undefined title) no band at all. */
export interface Lane {
  readonly id: string;
  readonly title: string | undefined;
}

export interface Box {
  /** The id of the graph's node. */
  readonly id: string;
  /** Kind of the box, for its shape and colour: a node type, or "group". */
  readonly type: string;
  readonly column: number;
  /** Id of its lane; null = outside all lanes. */
  readonly lane: string | null;
  /** Small text above the title: the object's kind. */
  readonly caption: string;
  readonly title: string;
  readonly lines: readonly string[];
  /** The whole truth in one line, for tooltips and screen readers. */
  readonly tooltip: string;
  /** The rule of a finding about this box. */
  readonly badge?: { readonly text: string; readonly severity: "error" | "warning" } | undefined;
  /** A lifetime: the filled part (0–1) of a bar, and the lifetime in words. */
  readonly bar?: { readonly share: number; readonly text: string } | undefined;
}

export interface Wire {
  readonly id: string;
  /** The graph's edges that it stands for. */
  readonly edges: readonly string[];
  readonly from: string;
  readonly to: string;
  /** Index of the line of the box `from` at which it starts; undefined = at the title. */
  readonly fromLine: number | undefined;
  readonly state: WireState;
  /** Text on the wire; only where the state changes or the wire is broken. */
  readonly label: string | undefined;
  readonly tooltip: string;
}
