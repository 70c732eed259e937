import type { Box, Diagram, Wire } from "../diagram.ts";
import { WIRE_STATES, type WireState } from "../wire-state.ts";
import { html, type Markup } from "./markup.ts";

/** The request paths as lists: for narrow screens, and for those who read with their ears. */
export function wordsSection(diagram: Diagram): Markup | undefined {
  const paths = pathsOf(diagram);
  if (paths.length === 0) return undefined;
  return html`<section aria-labelledby="words-heading">
<h2 id="words-heading">The paths in words</h2>
<ul class="paths">${paths.map(pathCard)}</ul>
</section>`;
}

interface Path {
  readonly hops: readonly { readonly wire: Wire; readonly box: Box }[];
}

/** Every way from the client to the right end of the picture. Parallel wires between two boxes are one way. */
function pathsOf({ boxes, wires }: Diagram): Path[] {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const from = new Map<string, Wire[]>();
  for (const wire of wires) from.set(wire.from, [...(from.get(wire.from) ?? []), wire]);
  const paths: Path[] = [];
  const follow = (id: string, hops: Path["hops"]) => {
    const seen = new Set<string>();
    const next = (from.get(id) ?? []).filter(({ to, state }) => {
      const key = `${to} ${state}`;
      return !seen.has(key) && seen.add(key);
    });
    if (next.length === 0 && hops.length > 0) paths.push({ hops });
    for (const wire of next) {
      const box = byId.get(wire.to);
      if (box === undefined) continue;
      // Nothing flows on behind a broken wire.
      if (wire.state === "broken") paths.push({ hops: [...hops, { wire, box }] });
      else follow(box.id, [...hops, { wire, box }]);
    }
  };
  for (const { id, type } of boxes) if (type === "client") follow(id, []);
  return fewestChanges(paths);
}

/** Of several ways over the same boxes, the one on which the state of the wires changes least: TLS stays TLS. */
function fewestChanges(paths: readonly Path[]): Path[] {
  const best = new Map<string, Path>();
  for (const path of paths) {
    const key = JSON.stringify(path.hops.map(({ box }) => box.id));
    const before = best.get(key);
    if (before === undefined || changes(path) < changes(before)) best.set(key, path);
  }
  return [...best.values()];
}

function changes({ hops }: Path): number {
  return hops.filter(({ wire }, i) => i > 0 && wire.state !== hops[i - 1]?.wire.state).length;
}

function pathCard({ hops }: Path): Markup {
  const broken = hops.some(({ wire }) => wire.state === "broken");
  let before: WireState | undefined;
  const items = hops.map(({ wire, box }) => {
    const isNews = wire.state !== before;
    before = wire.state;
    return hop(wire, box, isNews);
  });
  return html`<li class="${broken ? "path broken" : "path"}"><ol>${items}</ol></li>`;
}

function hop({ state, label }: Wire, { caption, title, lines }: Box, isNews: boolean): Markup {
  const word = state === "broken" ? `broken: ${label ?? ""}` : WIRE_STATES[state].label;
  const told = isNews && html`<span class="state state-${state}">${word}</span> `;
  return html`<li>${told}<span class="quiet">${caption}</span> <strong>${title}</strong>${lines.length > 0 && html` <code>${lines.map((line) => line.trim()).join(" · ")}</code>`}</li>`;
}
