import { factList, fieldButton } from "../pictures/page/facts-section.ts";
import { FieldBook } from "../pictures/page/field-book.ts";
import { html, type Markup } from "../pictures/page/markup.ts";
import { nameOf } from "../pictures/page/object-yaml.ts";
import { pageShell } from "../pictures/page/shell.ts";
import { type AppComparison, type Comparison, compare, type Move } from "./compare.ts";
import type { Fact } from "./facts.ts";
import { MARKS } from "./marks.ts";
import { sentenceOf, wayOf } from "./sentence.ts";
import type { DeclaredStack } from "./stack-facts.ts";

/** One side of a comparison. */
export interface Side extends DeclaredStack {
  readonly stack: string;
  /** What the stack is about; "" = nobody says. */
  readonly story: string;
}

const KINDS = Object.keys(MARKS) as Move["kind"][];

/**
 * The page of a comparison: for each application of both stacks a row per topic, with what says it on either side and
 * what moved; then what only one side has. Every field is a button that shows its YAML.
 * @param script the bundled browser/fields-main.ts
 */
export function writeComparePage(left: Side, right: Side, script: string): string {
  const comparison = compare(left, right);
  const book = new FieldBook();
  const main = [
    legend(),
    contents(comparison),
    ...comparison.apps.map((app, i) => appSection([left, right], app, `app-${i}`, book)),
    onlySection(left, "only-left", comparison.onlyLeft, comparison.objectsOnlyLeft, book),
    onlySection(right, "only-right", comparison.onlyRight, comparison.objectsOnlyRight, book),
  ];
  return pageShell({
    title: `${left.stack} → ${right.stack}`,
    skip: { to: "applications", text: "Skip to the applications" },
    header: html`<h1>${left.stack} → ${right.stack}</h1>
<dl class="stories">${[left, right].map(({ stack, story }) => html`<div><dt>${stack}</dt><dd>${story || "–"}</dd></div>`)}</dl>
${counts(comparison)}`,
    main,
    data: book.data,
    script,
  });
}

/** How many topics moved how. */
function counts({ apps }: Comparison): Markup {
  const kinds = apps.flatMap(({ moves }) => moves.map(({ kind }) => kind));
  return html`<ul class="summary">${KINDS.map((kind) => {
    const count = kinds.filter((one) => one === kind).length;
    return count > 0 && html`<li class="move-${kind}">${count} ${MARKS[kind].word}</li>`;
  })}</ul>`;
}

function legend(): Markup {
  return html`<p class="hint">Choose a field to see the YAML of its object with the field highlighted; Escape closes.</p>
<ul class="legend" aria-label="Marks">${KINDS.map((kind) => html`<li>${mark(kind)} ${MARKS[kind].meaning}</li>`)}</ul>`;
}

function mark(kind: Move["kind"]): Markup {
  const { sign, word } = MARKS[kind];
  return html`<span class="state move-${kind}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

function contents({ apps }: Comparison): Markup {
  if (apps.length === 0) {
    return html`<p id="applications" tabindex="-1">No application is in both stacks.</p>`;
  }
  return html`<nav id="applications" tabindex="-1" aria-label="Applications of both stacks"><ul class="contents">${apps.map(
    ({ app }, i) => html`<li><a href="#app-${i}">${app}</a></li>`,
  )}</ul></nav>`;
}

function appSection(sides: readonly [Side, Side], { app, moves }: AppComparison, id: string, book: FieldBook): Markup {
  const [left, right] = sides;
  const way = wayOf(moves);
  return html`<section id="${id}" tabindex="-1" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${app}</h2>
<table class="moves">
<thead><tr><th scope="col">What is so</th>${sides.map(({ stack }) => html`<th scope="col">${stack}</th>`)}<th scope="col">What moved</th></tr></thead>
<tbody>${moves.map(
    (move) => html`<tr>
<th scope="row">${move.topic} ${mark(move.kind)}</th>
<td data-label="${left.stack}">${cell(left, move.from, book)}</td>
<td data-label="${right.stack}">${cell(right, move.to, book)}</td>
<td data-label="What moved">${sentenceOf(move, way)}</td>
</tr>`,
  )}</tbody>
</table>
</section>`;
}

function cell({ stack, topology }: Side, facts: readonly Fact[], book: FieldBook): Markup {
  if (facts.length === 0) return html`<span class="quiet">–</span>`;
  return factList(facts, topology.objects, book, stack);
}

/** Applications and objects that one side alone has. */
function onlySection(
  { stack, topology }: Side,
  id: string,
  apps: readonly string[],
  objects: readonly string[],
  book: FieldBook,
): Markup | undefined {
  if (apps.length + objects.length === 0) return undefined;
  const byName = new Map(topology.objects.objects.map((sourced) => [nameOf(sourced.object), sourced]));
  const button = (name: string) => {
    const found = byName.get(name);
    return html`<li>${fieldButton(name, name, found && book.addObject(`${name}, in ${stack}`, found))}</li>`;
  };
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">Only in ${stack}</h2>
${apps.length > 0 && html`<h3>Applications</h3><ul class="names">${apps.map((app) => html`<li>${app}</li>`)}</ul>`}
${objects.length > 0 && html`<h3>Objects</h3><ul class="names">${objects.map(button)}</ul>`}
</section>`;
}
