/**
 * The look of pictures, alone and in the page: custom properties for two themes, and what uses them. Colours of text
 * and wires have a contrast of at least 4.5:1 on their ground (a test computes it); wires differ by dash, too.
 */
export const LIGHT = {
  ground: "#ffffff",
  surface: "#f6f7f9",
  lane: "#f3f5f8",
  "lane-edge": "#d9dee6",
  box: "#ffffff",
  "box-edge": "#aab4c3",
  text: "#1b2430",
  quiet: "#55606f",
  accent: "#1d5fb8",
  clear: "#9a5b00",
  tls: "#1d5fb8",
  through: "#0b7a4b",
  mesh: "#7a3fb0",
  backend: "#0a7285",
  broken: "#c2212e",
  warning: "#9a5b00",
  good: "#0b7a4b",
} as const;

export const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  ground: "#12161c",
  surface: "#191f27",
  lane: "#181e26",
  "lane-edge": "#2c3642",
  box: "#212934",
  "box-edge": "#4d5a6a",
  text: "#e8edf3",
  quiet: "#a5b1c0",
  accent: "#7db4ff",
  clear: "#f0b254",
  tls: "#7db4ff",
  through: "#58d19a",
  mesh: "#c99bff",
  backend: "#55cfe3",
  broken: "#ff8086",
  warning: "#f0b254",
  good: "#58d19a",
};

function properties(theme: Readonly<Record<string, string>>): string {
  return Object.entries(theme)
    .map(([name, value]) => `--${name}:${value}`)
    .join(";");
}

/** The custom properties of both themes, on `selector`. */
export function themes(selector: string): string {
  return (
    `${selector}{${properties(LIGHT)};color-scheme:light dark}` +
    `@media (prefers-color-scheme:dark){${selector}{${properties(DARK)}}}`
  );
}

/** The light theme, whatever the system's is: for paper. */
export function paper(selector: string): string {
  return `@media print{${selector}{${properties(LIGHT)};color-scheme:light}}`;
}

const FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif';
const MONO = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace';

/** Rules for everything inside a picture. */
export const PICTURE_RULES = [
  `.picture{font-family:${FONT}}`,
  ".picture text{fill:var(--text);font-size:12px}",
  ".canvas{fill:var(--ground)}",
  ".picture .heading{fill:var(--quiet);font-size:11.5px;font-weight:600;letter-spacing:.02em}",
  ".lane rect{fill:var(--lane);stroke:var(--lane-edge)}",
  ".picture .lane text{fill:var(--quiet);font-size:12px;font-weight:600}",
  ".box .body{fill:var(--box);stroke:var(--box-edge);stroke-width:1.2}",
  ".box-client .body,.box-authority .body{stroke-width:2}",
  ".box-group .body{stroke-dasharray:4 3}",
  ".picture .caption{fill:var(--quiet);font-size:10.5px}",
  ".picture .title{font-size:13px;font-weight:600}",
  `.picture .line{font-family:${MONO};font-size:11px}`,
  ".box.has-error .body{stroke:var(--broken);stroke-width:2}",
  ".box.has-warning .body{stroke:var(--warning);stroke-width:2}",
  ".badge-error{fill:var(--broken)}.badge-warning{fill:var(--warning)}",
  ".picture .badge-text{fill:var(--ground);font-size:10.5px;font-weight:700}",
  ".bar-track{fill:var(--lane-edge)}.bar{fill:var(--accent)}",
  ".picture .bar-text{fill:var(--quiet);font-size:11px}",
  ".wire path{fill:none;stroke:var(--quiet);stroke-width:2}",
  ".wire-clear path{stroke:var(--clear);stroke-dasharray:2 4;stroke-width:2.4}",
  ".wire-tls-to-gateway path{stroke:var(--tls)}",
  ".wire-passthrough path{stroke:var(--through);stroke-width:5}",
  ".wire-passthrough .core{stroke:var(--lane);stroke-width:1.8}",
  ".wire-mesh-mtls path{stroke:var(--mesh);stroke-dasharray:10 3}",
  ".wire-backend-tls path{stroke:var(--backend);stroke-dasharray:10 3 2 3}",
  ".wire-broken path{stroke:var(--broken);stroke-dasharray:6 5;stroke-width:2.4}",
  ".wire-signs path{stroke:var(--quiet)}",
  ".wire-holds path{stroke:var(--through);stroke-dasharray:7 4}",
  ".label rect{fill:var(--ground);stroke:var(--quiet)}",
  ".picture .label text{font-size:10px;font-weight:600}",
  ...(
    [
      ["clear", "clear"],
      ["tls-to-gateway", "tls"],
      ["passthrough", "through"],
      ["mesh-mtls", "mesh"],
      ["backend-tls", "backend"],
      ["broken", "broken"],
    ] as const
  ).map(
    ([state, colour]) =>
      `.label-${state} rect{stroke:var(--${colour})}.picture .label-${state} text{fill:var(--${colour})}`,
  ),
].join("\n");

/** Rules for strips, beside {@link PICTURE_RULES}. */
export const STRIP_RULES = [
  ".picture .column{font-size:15px;font-weight:700}",
  ".picture .note{fill:var(--quiet);font-size:11.5px}",
  ".cell.empty .body{fill:none;stroke-dasharray:4 3}",
  ".change .shaft{fill:none;stroke-width:2}",
  ".change rect{fill:var(--ground)}",
  ".picture .change text{font-size:10px;font-weight:600}",
  ...(
    [
      ["moved", "tls", "none"],
      ["changed", "clear", "6 3"],
      ["added", "good", "2 4"],
      ["removed", "broken", "2 4"],
    ] as const
  ).flatMap(([type, colour, dash]) => [
    `.change-${type} .shaft{stroke:var(--${colour});stroke-dasharray:${dash}}.change-${type} .tip{fill:var(--${colour})}`,
    `.change-${type} rect{stroke:var(--${colour})}.picture .change-${type} text{fill:var(--${colour})}`,
  ]),
].join("\n");

/** The whole style of a picture that is a file of its own. */
export const PICTURE_STYLE = `${themes(".picture")}\n${PICTURE_RULES}`;
export { FONT, MONO };
