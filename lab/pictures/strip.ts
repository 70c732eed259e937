/**
 * A table as a picture: what is so of one thing in several places, from left to right, a row for each topic. A cell that
 * stays as it is goes on over the next columns; one that does not is joined to the next by what happened.
 */
export interface Strip {
  readonly title: string;
  /** One sentence for those who cannot see it. */
  readonly description: string;
  readonly columns: readonly { readonly title: string; readonly note: string | undefined }[];
  readonly rows: readonly StripRow[];
  /** What the legend explains. */
  readonly legend: readonly StripLegend[];
}

export interface StripRow {
  readonly title: string;
  readonly cells: readonly StripCell[];
}

export interface StripCell {
  /** The first column, and how many it covers. */
  readonly column: number;
  readonly span: number;
  /** What is so; none: nothing is said here. */
  readonly entries: readonly StripEntry[];
  /** How it came from the cell to its left; undefined for the first of a row. */
  readonly change: StripChange | undefined;
  /** The whole truth in one line, for tooltips and screen readers. */
  readonly tooltip: string;
}

export interface StripEntry {
  readonly value: string;
  /** Objects with the fields that say it, or (no object) words. */
  readonly places: readonly { readonly object: string | undefined; readonly fields: readonly string[] }[];
}

/** What happened between two cells: its look, and the word on the wire. */
export interface StripChange {
  readonly type: "moved" | "changed" | "added" | "removed";
  readonly word: string;
}

export interface StripLegend {
  readonly change: StripChange;
  readonly meaning: string;
}
