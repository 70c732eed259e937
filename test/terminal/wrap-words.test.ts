import assert from "node:assert/strict";
import { wrapWords } from "../../lab/terminal/wrap-words.ts";

describe("breaking a line at its words", () => {
  it("leaves a line that fits as it is, with its spaces", () => {
    assert.equal(wrapWords("  a file     what it is", 23, 4), "  a file     what it is");
  });

  it("indents what follows, and breaks no word", () => {
    assert.equal(
      wrapWords("  for vault.vault.svc, localhost, 127.0.0.1", 22, 6),
      "  for vault.vault.svc,\n      localhost,\n      127.0.0.1",
    );
    assert.equal(wrapWords("a-word-that-is-too-wide b", 10, 2), "a-word-that-is-too-wide\n  b");
  });

  it("counts what is seen, not the colours", () => {
    assert.equal(wrapWords("\u001b[2mone\u001b[22m two", 7, 2), "\u001b[2mone\u001b[22m two");
    assert.equal(wrapWords("\u001b[2mone\u001b[22m two", 6, 2), "\u001b[2mone\u001b[22m\n  two");
  });
});
