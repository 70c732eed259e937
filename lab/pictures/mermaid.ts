import type { Box, Diagram, Wire } from "./diagram.ts";
import { LIGHT } from "./style.ts";
import { WIRE_STATES, type WireState } from "./wire-state.ts";

/** Arrows: the second cue beside the colour, as far as Mermaid has different ones. */
const ARROWS: Readonly<Record<WireState, string>> = {
  clear: "-.->",
  "tls-to-gateway": "-->",
  passthrough: "==>",
  "mesh-mtls": "-->",
  "backend-tls": "-->",
  broken: "--x",
  signs: "-->",
  holds: "-->",
};

const COLOURS: Partial<Record<WireState, string>> = {
  clear: LIGHT.clear,
  "tls-to-gateway": LIGHT.tls,
  passthrough: LIGHT.through,
  "mesh-mtls": LIGHT.mesh,
  "backend-tls": LIGHT.backend,
  broken: LIGHT.broken,
};

/** A diagram as Mermaid text, which GitHub draws. The same diagram gives the same text. */
export function drawMermaid(diagram: Diagram): string {
  const ids = new Map(diagram.boxes.map(({ id }, i) => [id, `n${i}`]));
  const wires = mergeParallel(diagram.wires);
  const lines = ["flowchart LR", `  accTitle: ${plain(diagram.title)}`, `  accDescr: ${plain(diagram.description)}`];
  for (const box of diagram.boxes.filter(({ lane }) => lane === null)) lines.push(`  ${node(box, ids)}`);
  for (const [i, lane] of diagram.lanes.entries()) {
    lines.push(lane.title === undefined ? `  subgraph l${i} [" "]` : `  subgraph l${i} ["${quoted(lane.title)}"]`);
    for (const box of diagram.boxes.filter((candidate) => candidate.lane === lane.id))
      lines.push(`    ${node(box, ids)}`);
    lines.push("  end");
  }
  for (const wire of wires) {
    const text = wire.label ?? (wire.state === "clear" ? undefined : WIRE_STATES[wire.state].label);
    const label = text === undefined ? "" : `|"${quoted(text)}"|`;
    lines.push(`  ${ids.get(wire.from)} ${ARROWS[wire.state]}${label} ${ids.get(wire.to)}`);
  }
  for (const [state, colour] of Object.entries(COLOURS)) {
    const places = wires.flatMap((wire, i) => (wire.state === state ? [i] : []));
    if (places.length > 0) lines.push(`  linkStyle ${places.join(",")} stroke:${colour},stroke-width:2px`);
  }
  return `${lines.join("\n")}\n`;
}

/** Wires that only start at different lines of a box are one arrow here. */
function mergeParallel(wires: readonly Wire[]): Wire[] {
  const merged = new Map<string, Wire>();
  for (const wire of wires) {
    const key = JSON.stringify([wire.from, wire.to, wire.state]);
    const before = merged.get(key);
    if (before === undefined) merged.set(key, wire);
    else if (before.label === undefined) merged.set(key, { ...before, label: wire.label });
  }
  return [...merged.values()];
}

function node({ id, type, caption, title, lines, badge }: Box, ids: ReadonlyMap<string, string>): string {
  const flaw = badge === undefined ? [] : [`⚠ ${badge.text}`];
  const text = [`<small>${quoted(caption)}</small>`, `<b>${quoted(title)}</b>`, ...[...lines, ...flaw].map(quoted)];
  const [open, close] = type === "client" ? ["([", "])"] : type === "route" ? ["{{", "}}"] : ["[", "]"];
  return `${ids.get(id)}${open}"${text.join("<br/>")}"${close}`;
}

/** Text inside double quotes: Mermaid has entities of its own form. */
function quoted(text: string): string {
  return text.replace(/[&<>"#`\\]/g, (c) => `#${c.charCodeAt(0)};`).replace(/\s+/g, " ");
}

function plain(text: string): string {
  return text.replace(/[\r\n{};#]+/g, " ");
}
