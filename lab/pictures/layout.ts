import type { Box, Diagram, Wire } from "./diagram.ts";

/** Sizes in pixels. */
export const SIZE = {
  margin: 16,
  gap: 62,
  /** Added between what is outside the lanes and the lanes. */
  outsideGap: 34,
  heading: 30,
  lanePadding: 14,
  laneTitle: 20,
  laneGap: 12,
  boxGap: 12,
  /** From a box' top to its title's wire. */
  port: 27,
  /** Between wires that join the same two boxes. */
  parallel: 18,
  /** From a box' top to its first line's middle. */
  firstLine: 46,
  line: 16,
  barHeight: 20,
  legendRow: 22,
} as const;

export interface PlacedBox extends Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedWire extends Wire {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface PlacedLane {
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Placed {
  readonly width: number;
  /** Without the legend. */
  readonly height: number;
  readonly columns: readonly { readonly title: string; readonly x: number }[];
  readonly lanes: readonly PlacedLane[];
  readonly boxes: readonly PlacedBox[];
  readonly wires: readonly PlacedWire[];
}

/**
 * Places a diagram without any search: columns are fixed, lanes follow each other, and within a lane each box stands as
 * near as possible to the height of the wires that lead to it. The same diagram is always placed the same way.
 */
export function layOut(diagram: Diagram): Placed {
  const xs = columnPositions(diagram);
  const width = (xs.at(-1) ?? 0) + (diagram.widths.at(-1) ?? 0) + SIZE.margin * 2;
  const placed = new Map<string, PlacedBox>();
  const lanes: PlacedLane[] = [];
  const laneLeft = firstLaneColumn(diagram, xs);
  let y: number = SIZE.margin + (diagram.columns.length > 0 ? SIZE.heading : 0);
  for (const lane of diagram.lanes) {
    const boxes = diagram.boxes.filter((box) => box.lane === lane.id);
    if (boxes.length === 0) continue;
    const top = y + (lane.title === undefined ? 0 : SIZE.lanePadding + SIZE.laneTitle);
    const bottom = placeLane(boxes, top, xs, diagram, placed);
    const end = bottom + (lane.title === undefined ? 0 : SIZE.lanePadding);
    if (lane.title !== undefined) {
      lanes.push({ title: lane.title, x: laneLeft, y, width: width - SIZE.margin / 2 - laneLeft, height: end - y });
    }
    y = end + SIZE.laneGap;
  }
  placeOutside(diagram, xs, placed, y);
  const lowest = Math.max(y - SIZE.laneGap, ...[...placed.values()].map((box) => box.y + box.height));
  const boxes = diagram.boxes.map((box) => placed.get(box.id)).filter((box) => box !== undefined);
  return {
    width,
    height: lowest + SIZE.margin,
    columns: diagram.columns.map((title, i) => ({ title, x: xs[i] ?? 0 })),
    lanes,
    boxes,
    wires: diagram.wires.flatMap((wire) => placeWire(wire, diagram.wires, placed)),
  };
}

function columnPositions({ widths, boxes }: Diagram): number[] {
  const outside = new Set(boxes.filter(({ lane }) => lane === null).map(({ column }) => column));
  let x: number = SIZE.margin;
  return widths.map((width, column) => {
    const at = x;
    x += width + SIZE.gap + (outside.has(column) ? SIZE.outsideGap : 0);
    return at;
  });
}

/** Lanes begin left of the first column that has a box in a lane. */
function firstLaneColumn(diagram: Diagram, xs: readonly number[]): number {
  const columns = diagram.boxes.filter(({ lane }) => lane !== null).map(({ column }) => column);
  const first = columns.length === 0 ? 0 : Math.min(...columns);
  return (xs[first] ?? 0) - SIZE.lanePadding;
}

/** Places the boxes of one lane, column after column; gives the lane's lowest point. */
function placeLane(
  boxes: readonly Box[],
  top: number,
  xs: readonly number[],
  diagram: Diagram,
  placed: Map<string, PlacedBox>,
): number {
  const here = new Set(boxes.map(({ id }) => id));
  let bottom = top;
  for (const column of diagram.widths.keys()) {
    const wished = boxes
      .filter((box) => box.column === column)
      .map((box) => ({ box, wish: wishOf(box, diagram.wires, here, placed) }));
    wished.sort((a, b) => (a.wish ?? Number.POSITIVE_INFINITY) - (b.wish ?? Number.POSITIVE_INFINITY) || 0);
    let cursor = top;
    for (const { box, wish } of wished) {
      const y = Math.max(cursor, Math.round(wish ?? cursor));
      const height = heightOf(box);
      placed.set(box.id, { ...box, x: xs[column] ?? 0, y, width: diagram.widths[column] ?? 0, height });
      cursor = y + height + SIZE.boxGap;
      bottom = Math.max(bottom, y + height);
    }
  }
  return bottom;
}

/** The height at which the wires that lead to a box from its own lane would be level, on average. */
function wishOf(
  box: Box,
  wires: readonly Wire[],
  here: ReadonlySet<string>,
  placed: ReadonlyMap<string, PlacedBox>,
): number | undefined {
  const starts = wires
    .filter((wire) => wire.to === box.id && here.has(wire.from))
    .flatMap((wire) => {
      const from = placed.get(wire.from);
      return from === undefined ? [] : [startOf(from, wire.fromLine)];
    });
  if (starts.length === 0) return undefined;
  return starts.reduce((sum, y) => sum + y, 0) / starts.length - SIZE.port;
}

/** Boxes of no lane (the client) stand at the middle height of what they are wired to. */
function placeOutside(diagram: Diagram, xs: readonly number[], placed: Map<string, PlacedBox>, end: number): void {
  for (const box of diagram.boxes) {
    if (box.lane !== null) continue;
    const ends = diagram.wires.filter((wire) => wire.from === box.id).flatMap((wire) => placed.get(wire.to) ?? []);
    const low = ends.length === 0 ? end : Math.min(...ends.map(({ y }) => y));
    const high = ends.length === 0 ? end : Math.max(...ends.map(({ y }) => y));
    const y = Math.round((low + high) / 2);
    const width = diagram.widths[box.column] ?? 0;
    placed.set(box.id, { ...box, x: xs[box.column] ?? 0, y, width, height: heightOf(box) });
  }
}

function placeWire(wire: Wire, wires: readonly Wire[], placed: ReadonlyMap<string, PlacedBox>): PlacedWire[] {
  const from = placed.get(wire.from);
  const to = placed.get(wire.to);
  if (from === undefined || to === undefined) return [];
  const twins = wires.filter((w) => w.from === wire.from && w.to === wire.to && w.fromLine === wire.fromLine);
  const shift = (twins.indexOf(wire) - (twins.length - 1) / 2) * Math.min(SIZE.parallel, 36 / twins.length);
  const y1 = startOf(from, wire.fromLine) + (wire.fromLine === undefined ? shift : shift / 2);
  return [{ ...wire, x1: from.x + from.width, y1, x2: to.x, y2: to.y + SIZE.port + shift }];
}

function startOf(box: PlacedBox, line: number | undefined): number {
  return box.y + (line === undefined ? SIZE.port : SIZE.firstLine + line * SIZE.line);
}

function heightOf({ lines, bar }: Box): number {
  const text = lines.length === 0 ? SIZE.port + 15 : SIZE.firstLine + (lines.length - 1) * SIZE.line + 14;
  return text + (bar === undefined ? 0 : SIZE.barHeight);
}
