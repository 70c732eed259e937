import { stripVTControlCharacters } from "node:util";

/**
 * A line broken at its spaces so that nothing is wider than `width` columns, but for words that are; what follows the
 * first line is indented by `indent` spaces. Colours take no room.
 */
export function wrapWords(text: string, width: number, indent: number): string {
  const [first = "", ...words] = text.split(/(?<=\S) (?=\S)/);
  const lines: string[] = [];
  let line = first;
  for (const word of words) {
    if (stripVTControlCharacters(`${line} ${word}`).length <= width) {
      line += ` ${word}`;
      continue;
    }
    lines.push(line);
    line = " ".repeat(indent) + word;
  }
  return [...lines, line].join("\n");
}
