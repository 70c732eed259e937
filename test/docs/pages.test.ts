import assert from "node:assert/strict";
import { currentPage, pagePaths, readPage } from "../../tools/docs/pages.ts";
import { rehearsed } from "../support/rehearsed.ts";

describe("the documentation's generated parts", () => {
  for (const path of pagePaths())
    it(`are current in ${path} (npm run generate)`, async () => {
      const page = readPage(path);
      assert.equal(page, await currentPage(page, rehearsed));
    });

  it("cannot be asked of nobody", async () => {
    const page = "<!-- generated: nothing -->\n<!-- /generated -->\n";
    await assert.rejects(currentPage(page, rehearsed), /nobody makes the generated block "nothing"/);
  });
});
