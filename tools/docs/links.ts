/** Links of a Markdown page and what can be linked to in it. */

/** Targets of links and pictures, code left aside. */
export function linksOf(page: string): string[] {
  return [...withoutCode(page).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
}

/** Anchors that a page offers, as GitHub makes them of headings. */
export function anchorsOf(page: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = [...withoutFences(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = ""]) => {
    const slug = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  const explicit = [...page.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id);
  return new Set([...headings, ...explicit]);
}

/** Scripts that a page tells its reader to run: `npm run NAME`, `npm start`, `npm test`. */
export function scriptsOf(page: string): string[] {
  const named = [...page.matchAll(/\bnpm run (?:(?:-s|--silent) )?([a-z][a-z:]*)/g)].map(([, name = ""]) => name);
  const short = [...page.matchAll(/\bnpm (start|test)\b/g)].map(([, name = ""]) => name);
  return [...new Set([...named, ...short])];
}

function withoutFences(page: string): string {
  return page.replaceAll(/^```[\s\S]*?^```$/gm, "");
}

function withoutCode(page: string): string {
  return withoutFences(page).replaceAll(/`[^`\n]*`/g, "");
}
