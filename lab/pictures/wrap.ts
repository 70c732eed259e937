/**
 * Breaks a text into lines of at most `length` characters, at its spaces, else before a dot, bracket or slash; a piece
 * without any of them is cut where the line ends. Nothing is left out.
 */
export function wrapText(text: string, length: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.split(/(?<=\s)|(?=[.[/])/)) {
    if (line !== "" && (line + piece).trimEnd().length > length) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
    while (line.trimEnd().length > length) {
      lines.push(line.slice(0, length));
      line = line.slice(length);
    }
  }
  return line.trimEnd() === "" ? lines : [...lines, line.trimEnd()];
}
