import assert from "node:assert/strict";
import { readPage } from "../../tools/docs/pages.ts";
import { tries } from "./tries.ts";
import { tryOut } from "./try-out.ts";

describe("what the prototypes' pages propose to try", () => {
  for (const one of tries) {
    const { page, stack, from, to, seen } = one;
    it(`shows what is said for ${stack}: ${to || `without ${from}`}`, async () => {
      const text = readPage(`docs/prototypes/${page}`);
      assert.ok(text.includes(`\`${to || from}\``), `docs/prototypes/${page} does not propose ${to || from}`);
      assert.match(await tryOut(one), seen);
    });
  }
});
