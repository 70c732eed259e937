import { shorten, tableText } from "../rehearsal/report-text.ts";
import pc from "../terminal/colours.ts";
import type { Result } from "./result.ts";

/** Expected and got, a line each; below, how each was seen. */
export function resultsText(stack: string, results: readonly Result[]): string {
  const rows = results.map(({ ok, asked, expected, got }) => [
    ok ? pc.green("✓") : pc.red("✗"),
    asked,
    shorten(expected),
    ok ? shorten(got) : pc.red(shorten(got, 160)),
  ]);
  const wrong = results.filter(({ ok }) => !ok);
  const ways = [...new Set(results.map(({ how }) => how))].map((how) => pc.dim(`  ${how}`));
  const sum =
    wrong.length === 0
      ? pc.green(`${stack}: ${results.length} promises, all kept`)
      : pc.red(
          `${stack}: ${wrong.length} of ${results.length} promises not kept; \`npm run doctor -- ${stack}\` looks for the first broken wire`,
        );
  return [tableText(["", "asked", "expected", "got"], rows), "", "How it was seen", ...ways, "", sum].join("\n");
}
