import type { Diagram } from "./diagram.ts";
import { escapeMarkup, shorten } from "./escape.ts";
import { layOut, type PlacedBox, type PlacedLane, type PlacedWire, SIZE } from "./layout.ts";
import { PICTURE_STYLE } from "./style.ts";
import { WIRE_STATES, type WireState } from "./wire-state.ts";

export interface SvgOptions {
  /** Prefix of the ids inside, so that several pictures can stand in one page. @default "picture" */
  readonly id?: string;
  /** A file of its own, with its style and legend; false = part of a page that has both. @default true */
  readonly standalone?: boolean;
}

/** Pixels that a character takes at most, on average over names and paths. */
const CHARACTER = { title: 8, line: 6.7 } as const;

/** Draws a diagram as SVG. Pure: the same diagram gives the same bytes. Every box and wire has a `<title>`. */
export function drawSvg(diagram: Diagram, { id = "picture", standalone = true }: SvgOptions = {}): string {
  const placed = layOut(diagram);
  const legendHeight = standalone ? legendRows(diagram, placed.width).length * SIZE.legendRow + SIZE.margin : 0;
  const height = placed.height + legendHeight;
  const text = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="picture" id="${id}" viewBox="0 0 ${placed.width} ${height}"` +
      ` width="${placed.width}" height="${height}" ` +
      `role="${standalone ? "img" : "group"}" aria-labelledby="${id}-title ${id}-description">`,
    `<title id="${id}-title">${escapeMarkup(diagram.title)}</title>`,
    `<desc id="${id}-description">${escapeMarkup(diagram.description)}</desc>`,
    ...(standalone ? [`<style>${PICTURE_STYLE}</style>`] : []),
    `<rect class="canvas" width="${placed.width}" height="${height}"/>`,
    ...placed.columns.map(
      ({ title, x }) => `<text class="heading" x="${x}" y="${SIZE.margin + 10}">${escapeMarkup(title)}</text>`,
    ),
    ...placed.lanes.map(drawLane),
    ...placed.wires.map(drawWire),
    ...placed.boxes.map(drawBox),
    ...placed.wires.map(drawLabel),
    ...(standalone ? drawLegend(diagram, placed.width, placed.height) : []),
    "</svg>",
  ];
  return `${text.filter((part) => part !== "").join("\n")}\n`;
}

function drawLane({ title, x, y, width, height }: PlacedLane): string {
  return (
    `<g class="lane"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/>` +
    `<text x="${x + SIZE.lanePadding}" y="${y + 20}">${escapeMarkup(title)}</text></g>`
  );
}

function drawBox(box: PlacedBox): string {
  const { x, y, width, height, caption, title, lines, badge, bar } = box;
  const fitted = (text: string, size: number, less = 0) =>
    escapeMarkup(shorten(text, Math.floor((width - 22 - less) / size)));
  const flawed = badge === undefined ? "" : ` has-${badge.severity}`;
  return [
    `<g class="box box-${box.type}${flawed}" data-box="${escapeMarkup(box.id)}">`,
    `<title>${escapeMarkup(box.tooltip)}</title>`,
    `<rect class="body" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`,
    `<text class="caption" x="${x + 11}" y="${y + 15}">${fitted(caption, 6.2, badge === undefined ? 0 : 36)}</text>`,
    `<text class="title" x="${x + 11}" y="${y + 31}">${fitted(title, CHARACTER.title)}</text>`,
    ...lines.map(
      (line, i) =>
        `<text class="line" x="${x + 11}" y="${y + SIZE.firstLine + i * SIZE.line + 4}">${fitted(line, CHARACTER.line)}</text>`,
    ),
    ...(bar === undefined ? [] : drawBar(box, bar)),
    ...(badge === undefined ? [] : drawBadge(box, badge)),
    "</g>",
  ].join("");
}

function drawBar({ x, y, width, height }: PlacedBox, { share, text }: NonNullable<PlacedBox["bar"]>): string[] {
  const top = y + height - SIZE.barHeight + 2;
  const full = width - 22 - 62;
  return [
    `<rect class="bar-track" x="${x + 11}" y="${top + 2}" width="${full}" height="6" rx="3"/>`,
    `<rect class="bar" x="${x + 11}" y="${top + 2}" width="${Math.max(4, Math.round(full * share))}" height="6" rx="3"/>`,
    `<text class="bar-text" x="${x + width - 11}" y="${top + 9}" text-anchor="end">${escapeMarkup(text)}</text>`,
  ];
}

function drawBadge({ x, y, width }: PlacedBox, { text, severity }: NonNullable<PlacedBox["badge"]>): string[] {
  const wide = text.length * 6.6 + 12;
  const left = x + width - wide - 6;
  return [
    `<rect class="badge badge-${severity}" x="${left.toFixed(1)}" y="${y + 5}" width="${wide.toFixed(1)}" height="15" rx="7.5"/>`,
    `<text class="badge-text" x="${(left + wide / 2).toFixed(1)}" y="${y + 16}" text-anchor="middle">${escapeMarkup(text)}</text>`,
  ];
}

function drawWire({ from, to, edges, state, tooltip, x1, y1, x2, y2 }: PlacedWire): string {
  const path = curve(x1, y1, x2, y2);
  // A passed-through wire is a tube: a wide line with a narrow one of the ground's colour in it.
  const core = state === "passthrough" ? `<path class="core" d="${path}"/>` : "";
  const data = `data-from="${escapeMarkup(from)}" data-to="${escapeMarkup(to)}" ${edgesOf(edges)}`;
  return `<g class="wire wire-${state}" ${data}><title>${escapeMarkup(tooltip)}</title><path d="${path}"/>${core}</g>`;
}

/** Labels come after the boxes, so that none hides behind one. */
function drawLabel({ label, state, edges, x1, y1, x2, y2 }: PlacedWire): string {
  if (label === undefined) return "";
  const width = Math.round(label.length * 5.6) + 12;
  // Nearer to the wire's end: there wires that start together have parted.
  const [x, y] = pointAt(0.56, x1, y1, x2, y2);
  return (
    `<g class="label label-${state}" ${edgesOf(edges)} aria-hidden="true">` +
    `<rect x="${(x - width / 2).toFixed(1)}" y="${(y - 8).toFixed(1)}" width="${width}" height="16" rx="8"/>` +
    `<text x="${x.toFixed(1)}" y="${(y + 3.5).toFixed(1)}" text-anchor="middle">${escapeMarkup(label)}</text></g>`
  );
}

/** For the page, which lights wires and their labels by edge. */
function edgesOf(edges: readonly string[]): string {
  return `data-edges="${escapeMarkup(edges.join("\n")).replaceAll("\n", "&#10;")}"`;
}

function curve(x1: number, y1: number, x2: number, y2: number): string {
  if (y1 === y2) return `M${x1} ${y1}H${x2}`;
  const bend = bendOf(x1, x2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function bendOf(x1: number, x2: number): number {
  return Math.max(28, Math.round((x2 - x1) / 2));
}

/** The point of the curve at 0 ≤ t ≤ 1. */
function pointAt(t: number, x1: number, y1: number, x2: number, y2: number): [number, number] {
  const bend = bendOf(x1, x2);
  const u = 1 - t;
  const x = u ** 3 * x1 + 3 * u * u * t * (x1 + bend) + 3 * u * t * t * (x2 - bend) + t ** 3 * x2;
  const y = (u ** 3 + 3 * u * u * t) * y1 + (3 * u * t * t + t ** 3) * y2;
  return [x, y];
}

function legendRows({ legend }: Diagram, width: number): WireState[][] {
  const perRow = width > 900 ? 2 : 1;
  const rows: WireState[][] = [];
  for (let i = 0; i < legend.length; i += perRow) rows.push(legend.slice(i, i + perRow));
  return rows;
}

function drawLegend(diagram: Diagram, width: number, top: number): string[] {
  const column = Math.floor((width - SIZE.margin * 2) / (width > 900 ? 2 : 1));
  return legendRows(diagram, width).flatMap((row, i) =>
    row.map((state, j) => {
      const x = SIZE.margin + j * column;
      const y = top + i * SIZE.legendRow + 8;
      return `<g class="legend">${swatch(state, x, y)}<text x="${x + 56}" y="${y + 4}">${escapeMarkup(legendText(state))}</text></g>`;
    }),
  );
}

/** A short piece of wire, for legends. */
export function swatch(state: WireState, x: number, y: number): string {
  const path = `M${x} ${y}h44`;
  const core = state === "passthrough" ? `<path class="core" d="${path}"/>` : "";
  return `<g class="wire wire-${state}"><path d="${path}"/>${core}</g>`;
}

/** What a legend says about a state: its word on the wire, and what it means. */
export function legendText(state: WireState): string {
  const { label, meaning } = WIRE_STATES[state];
  return state === "signs" || state === "holds" || state === "broken" ? meaning : `${label} – ${meaning}`;
}
