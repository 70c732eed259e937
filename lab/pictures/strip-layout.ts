import type { Strip, StripCell, StripChange } from "./strip.ts";
import { wrapText } from "./wrap.ts";

/** Sizes in pixels. */
export const STRIP_SIZE = {
  margin: 16,
  /** Titles of the rows. */
  title: 126,
  column: 236,
  gap: 78,
  heading: 46,
  rowGap: 8,
  /** From a row's edge to its cells. */
  rowPadding: 8,
  /** From a cell's edge to its text. */
  padding: 10,
  legendRow: 24,
} as const;

/** Kinds of lines in a cell: height of a line, and the width that a character takes at most, in pixels. */
const LINES = {
  title: { height: 17, character: 7.8 },
  caption: { height: 14, character: 6.1 },
  line: { height: 15, character: 6.7 },
} as const;
/** Between two entries of a cell. */
const ENTRY_GAP = 6;

export type LineType = keyof typeof LINES;

export interface PlacedLine {
  readonly type: LineType;
  readonly text: string;
  /** Of its baseline, from the cell's top. */
  readonly y: number;
}

export interface PlacedCell extends StripCell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly PlacedLine[];
}

export interface PlacedChange {
  readonly change: StripChange;
  readonly tooltip: string;
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
}

export interface PlacedRow {
  readonly title: string;
  readonly y: number;
  readonly height: number;
  readonly cells: readonly PlacedCell[];
  readonly changes: readonly PlacedChange[];
}

export interface PlacedStrip {
  readonly width: number;
  /** Without the legend. */
  readonly height: number;
  readonly columns: readonly { readonly title: string; readonly note: string | undefined; readonly x: number }[];
  readonly rows: readonly PlacedRow[];
}

/** Places a strip: columns of one width, rows as high as their highest cell. */
export function layOutStrip({ columns, rows }: Strip): PlacedStrip {
  const { margin, title, column, gap, heading, rowGap, rowPadding } = STRIP_SIZE;
  const left = (index: number) => margin + title + index * (column + gap);
  let y: number = margin + heading;
  const placed = rows.map((row): PlacedRow => {
    const texts = row.cells.map((cell) => ({ cell, width: cell.span * column + (cell.span - 1) * gap }));
    const lines = texts.map(({ cell, width }) => linesOf(cell, width));
    const inner = Math.max(...lines.map(({ height }) => height));
    const cells = texts.map(({ cell, width }, i): PlacedCell => {
      const own = lines[i]?.lines ?? [];
      return { ...cell, x: left(cell.column), y: y + rowPadding, width, height: inner, lines: own };
    });
    const top = y;
    const height = inner + 2 * rowPadding;
    y += height + rowGap;
    return { title: row.title, y: top, height, cells, changes: changesOf(row.title, cells) };
  });
  return {
    width: left(columns.length) - gap + margin,
    height: y - rowGap + margin,
    columns: columns.map(({ title: text, note }, i) => ({ title: text, note, x: left(i) })),
    rows: placed,
  };
}

function linesOf({ entries }: StripCell, width: number): { lines: PlacedLine[]; height: number } {
  const lines: PlacedLine[] = [];
  let y: number = STRIP_SIZE.padding;
  const add = (type: LineType, text: string) => {
    const { height, character } = LINES[type];
    for (const line of wrapText(text, Math.floor((width - 2 * STRIP_SIZE.padding) / character))) {
      y += height;
      lines.push({ type, text: line, y: y - 4 });
    }
  };
  for (const [i, { value, places }] of entries.entries()) {
    if (i > 0) y += ENTRY_GAP;
    add("title", value);
    for (const { object, fields } of places) {
      if (object !== undefined) add("caption", object);
      for (const field of fields) add(object === undefined ? "caption" : "line", field);
    }
  }
  return { lines, height: y + STRIP_SIZE.padding };
}

function changesOf(title: string, cells: readonly PlacedCell[]): PlacedChange[] {
  return cells.flatMap((cell, i) => {
    const before = cells[i - 1];
    if (before === undefined || cell.change === undefined) return [];
    const y = cell.y + cell.height / 2;
    const tooltip = `${title}: ${cell.change.word}`;
    return [{ change: cell.change, tooltip, x1: before.x + before.width, x2: cell.x, y }];
  });
}
