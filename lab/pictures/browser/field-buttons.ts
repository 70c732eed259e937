import type { FieldData, Mark } from "../page/field-book.ts";
import { make } from "./dom.ts";
import type { Panel } from "./panel.ts";
import { yamlBlock } from "./yaml-block.ts";

/** Lets the page's buttons for fields open the panel: the YAML of the object with the field highlighted. */
export function connectFieldButtons({ objects, fields }: FieldData, panel: Panel): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-field]")) {
    button.addEventListener("click", () => {
      const detail = fields[Number(button.dataset.field)];
      if (detail === undefined) return;
      const content = detail.parts.flatMap(({ object, marks }) => {
        const { name = "", yaml = "" } = objects[object] ?? {};
        return [make("h3", {}, name), ...marks.map(markWords), yamlBlock(name, yaml, marks)];
      });
      panel.open(detail.heading, content, button);
    });
  }
}

/** What the highlighting shows, for those who do not see it. */
function markWords({ path, first, last, written }: Mark): HTMLElement {
  const lines = first === last ? `line ${first}` : `lines ${first} to ${last}`;
  const words = written ? `: ${lines}` : ` is not written, its default holds; it would stand in ${lines}`;
  return make("p", { class: "quiet" }, make("code", {}, path), words);
}
