/** The comment at the top of a stack file, without the line for editors: what the stack is about, as one paragraph. */
export function storyOf(stackText: string): string {
  const lines: string[] = [];
  for (const line of stackText.split(/\r?\n/)) {
    if (!line.startsWith("#")) break;
    const words = line.replace(/^#+\s?/, "").trimEnd();
    if (!words.startsWith("yaml-language-server:")) lines.push(words);
  }
  return lines.join(" ").replace(/\s+/g, " ").trim();
}
