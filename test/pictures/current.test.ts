import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { evolutionPictures } from "../../tools/evolution-pictures.ts";
import { stackPictures } from "../../tools/stack-pictures.ts";
import { rehearsed } from "../support/rehearsed.ts";
import { stackNames } from "../support/stack-files.ts";

const folder = new URL("../../docs/pictures/", import.meta.url);

describe("docs/pictures", () => {
  const expected = new Set<string>();
  const compareWithKept = (pictures: Record<string, string>) => {
    for (const [name, text] of Object.entries(pictures)) {
      expected.add(name);
      assert.equal(readFileSync(new URL(name, folder), "utf8"), text, `${name} is not current: npm run generate`);
    }
  };
  for (const stack of stackNames()) {
    it(`shows ${stack} as it is (npm run generate)`, async () =>
      compareWithKept(stackPictures(await rehearsed(stack))));
  }

  it("shows applications on their way as they are (npm run generate)", async () =>
    compareWithKept(await evolutionPictures(rehearsed)));

  it("holds nothing else", () => {
    assert.deepEqual(
      readdirSync(folder)
        .filter((name) => /\.(svg|mmd)$/.test(name))
        .sort(),
      [...expected].sort(),
    );
  });
});
