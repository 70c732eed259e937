import { escapeMarkup } from "../escape.ts";

/** HTML that is known to be safe: made by {@link html}, or by a writer that escapes (the pictures). */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | undefined | false | readonly Part[];

/** A template whose values are escaped unless they are {@link Markup}; lists are joined, undefined and false are left out. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, string, i) => text + render(values[i - 1]) + string));
}

function render(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "object") return part.map(render).join("");
  return escapeMarkup(String(part));
}

/** Text that may be broken where a field's path has a joint: before a dot, a bracket or a slash. */
export function breakable(text: string): Markup {
  return new Markup(
    text
      .split(/(?=[.[/])/)
      .map(escapeMarkup)
      .join("<wbr>"),
  );
}
