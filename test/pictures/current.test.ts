import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { stackPictures } from "../../tools/stack-pictures.ts";
import { rehearsed } from "../support/rehearsed.ts";
import { stackNames } from "../support/stack-files.ts";

const folder = new URL("../../docs/pictures/", import.meta.url);

describe("docs/pictures", () => {
  const expected = new Set<string>();
  for (const stack of stackNames()) {
    it(`shows ${stack} as it is (npm run generate)`, async () => {
      for (const [name, text] of Object.entries(stackPictures(await rehearsed(stack)))) {
        expected.add(name);
        assert.equal(readFileSync(new URL(name, folder), "utf8"), text, `${name} is not current: npm run generate`);
      }
    });
  }

  it("holds nothing else", () => {
    assert.deepEqual(
      readdirSync(folder)
        .filter((name) => /\.(svg|mmd)$/.test(name))
        .sort(),
      [...expected].sort(),
    );
  });
});
