import { escapeMarkup } from "./escape.ts";
import type { Strip, StripChange } from "./strip.ts";
import { layOutStrip, type PlacedCell, type PlacedChange, type PlacedRow, STRIP_SIZE } from "./strip-layout.ts";
import { PICTURE_STYLE, STRIP_RULES } from "./style.ts";

/** Draws a strip as an SVG file. Pure: the same strip gives the same bytes. Every cell and change has a `<title>`. */
export function drawStrip(strip: Strip, id = "strip"): string {
  const { width, height, columns, rows } = layOutStrip(strip);
  const { margin, legendRow } = STRIP_SIZE;
  const legend = drawLegend(strip, height + margin / 2);
  const whole = height + legend.length * legendRow + margin / 2;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="picture" id="${id}" viewBox="0 0 ${width} ${whole}"` +
      ` width="${width}" height="${whole}" role="img" aria-labelledby="${id}-title ${id}-description">`,
    `<title id="${id}-title">${escapeMarkup(strip.title)}</title>`,
    `<desc id="${id}-description">${escapeMarkup(strip.description)}</desc>`,
    `<style>${PICTURE_STYLE}\n${STRIP_RULES}</style>`,
    `<rect class="canvas" width="${width}" height="${whole}"/>`,
    ...columns.map(
      ({ title, note, x }) =>
        `<text class="column" x="${x}" y="${margin + 14}">${escapeMarkup(title)}</text>` +
        (note === undefined ? "" : `<text class="note" x="${x}" y="${margin + 30}">${escapeMarkup(note)}</text>`),
    ),
    ...rows.flatMap((row) => drawRow(row, width)),
    ...legend,
    "</svg>",
  ];
  return `${lines.join("\n")}\n`;
}

function drawLegend({ legend }: Strip, top: number): string[] {
  const { margin, gap, legendRow } = STRIP_SIZE;
  const row = (i: number, sample: string, text: string) =>
    `<g class="legend">${sample}<text x="${margin + gap + 10}" y="${top + i * legendRow + 4}">${escapeMarkup(text)}</text></g>`;
  const box = `<g class="box"><rect class="body" x="${margin}" y="${top - 7}" width="${gap}" height="14" rx="4"/></g>`;
  return [
    row(0, box, "over several columns: the same, in the same field"),
    ...legend.map(({ change, meaning }, i) =>
      row(i + 1, drawChange(change, margin, margin + gap, top + (i + 1) * legendRow), meaning),
    ),
  ];
}

function drawRow({ title, y, height, cells, changes }: PlacedRow, width: number): string[] {
  const half = STRIP_SIZE.margin / 2;
  return [
    `<g class="lane"><rect x="${half}" y="${y}" width="${width - 2 * half}" height="${height}" rx="10"/>` +
      `<text x="${STRIP_SIZE.margin + 4}" y="${y + 31}">${escapeMarkup(title)}</text></g>`,
    ...cells.map(drawCell),
    ...changes.map(drawPlacedChange),
  ];
}

function drawCell({ x, y, width, height, lines, tooltip }: PlacedCell): string {
  const empty = lines.length === 0 ? " empty" : "";
  return [
    `<g class="box cell${empty}"><title>${escapeMarkup(tooltip)}</title>`,
    `<rect class="body" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`,
    ...lines.map(
      (line) =>
        `<text class="${line.type}" x="${x + STRIP_SIZE.padding}" y="${y + line.y}">${escapeMarkup(line.text)}</text>`,
    ),
    "</g>",
  ].join("");
}

function drawPlacedChange({ change, tooltip, x1, x2, y }: PlacedChange): string {
  return `<g><title>${escapeMarkup(tooltip)}</title>${drawChange(change, x1, x2, y)}</g>`;
}

/** An arrow with what happened written on it. */
function drawChange({ type, word }: StripChange, x1: number, x2: number, y: number): string {
  const width = Math.round(word.length * 6) + 12;
  const middle = (x1 + x2 - 6) / 2;
  return (
    `<g class="change change-${type}"><path class="shaft" d="M${x1} ${y}H${x2 - 7}"/>` +
    `<path class="tip" d="M${x2 - 8} ${y - 4.5}L${x2 - 1} ${y}L${x2 - 8} ${y + 4.5}Z"/>` +
    `<rect x="${middle - width / 2}" y="${y - 8}" width="${width}" height="16" rx="8"/>` +
    `<text x="${middle}" y="${y + 3.5}" text-anchor="middle">${escapeMarkup(word)}</text></g>`
  );
}
