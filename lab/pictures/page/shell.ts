import { createHash } from "node:crypto";
import { escapeJson } from "../escape.ts";
import { html, Markup } from "./markup.ts";
import { PAGE_STYLE } from "./page-style.ts";

export interface Shell {
  readonly title: string;
  /** The first link: past the head, to what the page is about. */
  readonly skip: { readonly to: string; readonly text: string };
  readonly header: Markup;
  readonly main: readonly (Markup | undefined)[];
  /** What the script works with. */
  readonly data: object;
  /** Bundled JavaScript. */
  readonly script: string;
}

/**
 * One HTML file that needs no network, with a side panel for its script. Its policy lets nothing run but the script
 * given here.
 */
export function pageShell({ title, skip, header, main, data, script }: Shell): string {
  const code = script.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(code)}'`,
    `style-src '${hashOf(PAGE_STYLE)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#${skip.to}">${skip.text}</a>
<header>
${header}
</header>
<main>
${main.flatMap((part, i) => [part, i < main.length - 1 && "\n"])}
</main>
<aside id="panel" role="dialog" aria-labelledby="panel-heading" hidden>
<div class="panel-head"><h2 id="panel-heading" tabindex="-1"></h2><button type="button" id="panel-close">Close</button></div>
<div id="panel-body"></div>
</aside>
<script type="application/json" id="data">${new Markup(escapeJson(data))}</script>
<script>${new Markup(code)}</script>
</body>
</html>
`.text;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
