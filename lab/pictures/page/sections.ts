import { formatRef } from "../../manifests/object.ts";
import { inWords } from "../lifetime.ts";
import type { PictureAnswer, PictureCertificate, PictureChainLink, PictureFinding, PictureInput } from "../model.ts";
import { html, type Markup } from "./markup.ts";

/** The state of the stack in a line. */
export function summary({ answers, findings }: PictureInput): Markup {
  const asked = answers.filter(({ ok }) => ok !== undefined);
  const good = asked.filter(({ ok }) => ok).length;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const wires = errors === 0 ? "no broken wire" : `${errors} broken ${errors === 1 ? "wire" : "wires"}`;
  return html`<ul class="summary">
${asked.length > 0 && html`<li class="${good === asked.length ? "good" : "bad"}">${good} of ${asked.length} answers as expected</li>`}
<li class="${errors === 0 ? "good" : "bad"}">${wires}</li>
${warnings > 0 && html`<li class="warn">${warnings} ${warnings === 1 ? "warning" : "warnings"}</li>`}
</ul>`;
}

export function answersSection(answers: readonly PictureAnswer[]): Markup | undefined {
  if (answers.length === 0) return undefined;
  return html`<section aria-labelledby="answers-heading">
<h2 id="answers-heading">Answers</h2>
<table class="answers">
<thead><tr><th scope="col">Asked</th><th scope="col">Expected</th><th scope="col">Got</th><th scope="col">Result</th></tr></thead>
<tbody>${answers.map(answerRow)}</tbody>
</table>
</section>`;
}

function answerRow({ asked, expected, got, ok, how, request }: PictureAnswer, i: number): Markup {
  const [look, word] =
    ok === undefined ? ["quiet", "not asked here"] : ok ? ["good", "✓ as expected"] : ["bad", "✗ differs"];
  return html`<tr>
<th scope="row" data-label="Asked"><code>${asked}</code>${request && html` <button type="button" class="plain" data-request="${i}" aria-label="Light the path of ${asked}">light path</button>`}</th>
<td data-label="Expected">${expected}</td>
<td data-label="Got">${got}${how !== undefined && html`<br><small class="quiet">${how}</small>`}</td>
<td data-label="Result" class="${look}">${word}</td>
</tr>`;
}

export function findingsSection(findings: readonly PictureFinding[]): Markup {
  return html`<section aria-labelledby="wiring-heading">
<h2 id="wiring-heading">Wiring</h2>
${findings.length === 0 ? html`<p>Every reference leads somewhere, and every rule of the check holds.</p>` : html`<ol class="findings">${findings.map(finding)}</ol>`}
</section>`;
}

function finding({ rule, severity, from, to, message, fix }: PictureFinding): Markup {
  return html`<li class="${severity}"><p><strong class="rule">${rule}</strong> <span class="severity">${severity}</span> ${formatRef(from)}${to === null ? "" : ` → ${formatRef(to)}`}</p><p>${message}</p><p class="fix">${fix}</p></li>`;
}

export function certificatesTable(certificates: readonly PictureCertificate[]): Markup | undefined {
  if (certificates.length === 0) return undefined;
  return html`<table>
<caption>As issued in this rehearsal</caption>
<thead><tr><th scope="col">Secret</th><th scope="col">Names</th><th scope="col">Key</th><th scope="col">Chain, leaf first</th></tr></thead>
<tbody>${certificates.map(certificateRow)}</tbody>
</table>`;
}

function certificateRow({ secret, chain }: PictureCertificate): Markup {
  const leaf = chain[0];
  return html`<tr>
<th scope="row" data-label="Secret" class="nowrap"><code>${secret}</code></th>
<td data-label="Names">${leaf?.names.join(", ")}</td>
<td data-label="Key" class="nowrap">${leaf?.key}</td>
<td data-label="Chain" class="chain-cell"><ol class="chain">${chain.map(chainLink)}</ol></td>
</tr>`;
}

function chainLink({ subject, notBefore, notAfter }: PictureChainLink): Markup {
  const seconds = (Date.parse(notAfter) - Date.parse(notBefore)) / 1000;
  const lifetime = Number.isFinite(seconds) ? ` (${inWords(seconds)})` : "";
  return html`<li>${subject}: until <time datetime="${notAfter}">${notAfter.slice(0, 10)}</time>${lifetime}</li>`;
}
