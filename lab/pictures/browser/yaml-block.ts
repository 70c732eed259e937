import type { Mark } from "../page/field-book.ts";
import { make } from "./dom.ts";

/** An object's YAML, scrollable by keyboard, with the lines of some fields highlighted. */
export function yamlBlock(name: string, yaml: string, marks: readonly Mark[] = []): HTMLElement {
  const block = make("pre", { tabindex: "0", role: "region", "aria-label": `YAML of ${name}` });
  let marked: string[] = [];
  const flush = () => {
    if (marked.length > 0) block.append(make("mark", {}, marked.join("")));
    marked = [];
  };
  for (const [i, line] of yaml.split(/(?<=\n)/).entries()) {
    if (marks.some(({ first, last }) => i + 1 >= first && i + 1 <= last)) marked.push(line);
    else {
      flush();
      block.append(line);
    }
  }
  flush();
  return block;
}
