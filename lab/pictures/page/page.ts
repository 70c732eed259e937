import { chainPicture } from "../chain-picture.ts";
import type { Diagram } from "../diagram.ts";
import type { PictureInput } from "../model.ts";
import { requestPicture } from "../request-picture.ts";
import { storyOf } from "../story.ts";
import { drawSvg, legendText, swatch } from "../svg.ts";
import { factsSection } from "./facts-section.ts";
import { FieldBook } from "./field-book.ts";
import { html, Markup } from "./markup.ts";
import { pageData } from "./page-data.ts";
import { answersSection, certificatesTable, findingsSection, summary } from "./sections.ts";
import { pageShell } from "./shell.ts";
import { wordsSection } from "./words-section.ts";

/**
 * The page of a stack: one HTML file that needs no network. Everything that stems from manifests is escaped.
 * @param script the bundled browser/main.ts
 */
export function writePage(input: PictureInput, script: string): string {
  const { stack, stackFile, topology, facts = [] } = input;
  const story = input.story ?? (stackFile === undefined ? "" : storyOf(stackFile.text));
  const requests = requestPicture(input);
  const hasTraffic = requests.boxes.some(({ type }) => type !== "client");
  const book = new FieldBook();
  const said = factsSection(stack, facts, topology.objects, book);
  return pageShell({
    title: `${stack} – request paths`,
    skip: { to: "paths", text: "Skip to the picture" },
    header: html`<h1>${stack}</h1>
${story === "" ? undefined : html`<p class="story">${story}</p>`}
${summary(input)}`,
    main: [
      hasTraffic ? requestForm(input) : undefined,
      html`<section id="paths" tabindex="-1" aria-labelledby="paths-heading">
<h2 id="paths-heading">Request paths</h2>
${hasTraffic ? pathsPicture(requests) : html`<p>No Gateway, no Ingress and no Service: nothing of this stack is reached from outside.</p>`}
</section>`,
      wordsSection(requests),
      answersSection(input.answers),
      findingsSection(input.findings),
      chainSection(chainPicture(input), input),
      said,
    ],
    data: pageData(input, book.data),
    script,
  });
}

function requestForm({ answers }: PictureInput): Markup {
  const example = answers.find(({ request }) => request !== undefined)?.request?.url ?? "https://example.com/";
  return html`<section id="request" aria-labelledby="request-heading">
<h2 id="request-heading">Where would a request go?</h2>
<form id="request-form" autocomplete="off">
<p class="field"><label for="method">Method</label><select id="method">${["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map((method) => html`<option>${method}</option>`)}</select></p>
<p class="field grow"><label for="url">URL</label><input id="url" type="text" inputmode="url" spellcheck="false" required placeholder="${example}"></p>
<p class="field"><label for="gateway">Sent to</label><select id="gateway"><option value="">whoever has the host</option></select></p>
<p class="field buttons"><button type="submit">Light its path</button><button type="reset" class="plain">Clear</button></p>
<details class="field"><summary>Headers</summary><label for="headers">One a line, <code>name: value</code></label><textarea id="headers" rows="3" spellcheck="false"></textarea></details>
</form>
<div id="result" role="status" aria-live="polite"></div>
</section>`;
}

function pathsPicture(requests: Diagram): Markup {
  return html`<p class="hint" id="picture-hint">Choose a box to see its YAML and where it comes from: click it, or use Tab, the arrow keys and Enter; Escape closes.</p>
${legend(requests)}
${figure(requests, "requests")}`;
}

function figure(diagram: Diagram, id: string): Markup {
  const picture = new Markup(drawSvg(diagram, { id, standalone: false }));
  return html`<div class="scroll" data-picture="${id}">${picture}</div>`;
}

function legend(diagram: Diagram): Markup {
  return html`<ul class="legend" aria-label="Who can read the bytes on a wire">${diagram.legend.map(
    (state) =>
      html`<li><svg class="picture swatch" width="48" height="12" viewBox="0 0 48 12" aria-hidden="true">${new Markup(swatch(state, 2, 6))}</svg>${legendText(state)}</li>`,
  )}</ul>`;
}

function chainSection(chain: Diagram | undefined, { certificates }: PictureInput): Markup | undefined {
  if (chain === undefined && certificates.length === 0) return undefined;
  const picture =
    chain &&
    html`<p class="hint">Who signs what, from the authority to the one who holds the key. Bars are lifetimes, on a logarithmic scale.</p>
${legend(chain)}
${figure(chain, "chain")}`;
  return html`<section aria-labelledby="certificates-heading">
<h2 id="certificates-heading">Certificates</h2>
${picture}
${certificatesTable(certificates)}
</section>`;
}
