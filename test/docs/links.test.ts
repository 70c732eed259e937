import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { anchorsOf, linksOf, scriptsOf } from "../../tools/docs/links.ts";
import { pagePaths, readPage } from "../../tools/docs/pages.ts";

const root = new URL("../../", import.meta.url);
const pages = [...pagePaths(), "test/real/README.md"];

/** What is wrong with the relative links of a page. */
function brokenLinks(path: string, page: string): string[] {
  return linksOf(page)
    .filter((link) => !/^[a-z]+:/.test(link))
    .flatMap((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : posix.normalize(posix.join(posix.dirname(path), file));
      if (!existsSync(new URL(target, root))) return [`${link}: no such file`];
      if (anchor === undefined || !target.endsWith(".md")) return [];
      const known = anchorsOf(target === path ? page : readPage(target));
      return known.has(anchor) ? [] : [`${link}: no such heading`];
    });
}

describe("links of the documentation", () => {
  for (const path of pages)
    it(`all lead somewhere in ${path}`, () => {
      assert.deepEqual(brokenLinks(path, readPage(path)), []);
    });

  it("are found broken when the file or heading is not there", () => {
    const page =
      "# One\n\n[a](#one) [b](#two) [c](docs/nothing.md) [d](docs/concepts.md#ambient) ![e](docs/no.svg) `[f](g)`\n";
    assert.deepEqual(brokenLinks("README.md", page), [
      "#two: no such heading",
      "docs/nothing.md: no such file",
      "docs/no.svg: no such file",
    ]);
  });
});

describe("commands of the documentation", () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(new URL("package.json", root), "utf8"),
  );
  for (const path of pages)
    it(`are scripts of the project in ${path}`, () => {
      assert.deepEqual(
        scriptsOf(readPage(path)).filter((script) => !Object.hasOwn(scripts, script)),
        [],
      );
    });

  it("stand first in the README: one to run, one to test", () => {
    const blocks = [...readPage("README.md").matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text.trim());
    assert.deepEqual(blocks.slice(0, 2), ["npm ci && npm start", "npm cit"]);
  });
});
