import type { ObjectIndex } from "../../manifests/object-index.ts";
import type { PictureFact } from "../model.ts";
import type { FieldBook } from "./field-book.ts";
import { breakable, html, type Markup } from "./markup.ts";

/** For each application what is so, and which field says it: what the way from Ingress to the Gateway API moves. */
export function factsSection(
  stack: string,
  facts: readonly PictureFact[],
  index: ObjectIndex,
  book: FieldBook,
): Markup | undefined {
  const apps = [...new Set(facts.map(({ app }) => app))];
  if (apps.length === 0) return undefined;
  return html`<section aria-labelledby="facts-heading">
<h2 id="facts-heading">On the way to the Gateway API</h2>
<p class="hint">What is so of each application, and the field that says it; choose a field to see it in its YAML. <code>npm run compare -- ${stack} other-stack</code> writes a page of what moved where between two stacks.</p>
${apps.map((app) => appFacts(app, facts, index, book))}
</section>`;
}

function appFacts(app: string, facts: readonly PictureFact[], index: ObjectIndex, book: FieldBook): Markup {
  const own = facts.filter((fact) => fact.app === app);
  const topics = [...new Set(own.map(({ topic }) => topic))];
  return html`<details class="app-facts"><summary>${app}</summary>
<table class="facts">
<tbody>${topics.map((topic) => {
    const told = own.filter((fact) => fact.topic === topic);
    return html`<tr><th scope="row">${topic}</th><td>${factList(told, index, book)}</td></tr>`;
  })}</tbody>
</table></details>`;
}

/**
 * Facts with a button for the fields of each.
 * @param stack named by the buttons where a page shows more than one stack
 */
export function factList(
  facts: readonly PictureFact[],
  index: ObjectIndex,
  book: FieldBook,
  stack: string | undefined = undefined,
): Markup {
  return html`<ul class="said">${facts.map((fact) => {
    const { value, where, fields } = fact;
    const place = stack === undefined ? where : `${where}, in ${stack}`;
    return html`<li><span class="value">${value}</span>${fieldButton(where, place, book.add(place, index, fields))}</li>`;
  })}</ul>`;
}

/** A button that shows YAML; plain text where there is none. */
export function fieldButton(text: string, label: string, field: number | undefined): Markup {
  if (field === undefined) return html`<span class="where">${breakable(text)}</span>`;
  const name = label !== text && html` aria-label="${label}"`;
  return html`<button type="button" class="where" data-field="${field}"${name} aria-haspopup="dialog" aria-expanded="false">${breakable(text)}</button>`;
}
