/**
 * Text between two comments of a Markdown page that code makes:
 *
 *     <!-- generated: versions -->
 *     …
 *     <!-- /generated -->
 */
const block = /(<!-- generated: (\S+) -->\n)[\s\S]*?(<!-- \/generated -->)/g;

/** Names of the generated blocks of a page, in order. */
export function markedNames(page: string): string[] {
  return [...page.matchAll(block)].map(([, , name = ""]) => name);
}

/**
 * A page with each of its generated blocks made anew.
 * @throws Error when a page asks for a block that nobody makes
 */
export function fillMarked(page: string, make: (name: string) => string | undefined): string {
  return page.replaceAll(block, (_, open: string, name: string, close: string) => {
    const text = make(name);
    if (text === undefined) throw new Error(`nobody makes the generated block "${name}"`);
    return `${open}\n${text.trim()}\n\n${close}`;
  });
}
