import assert from "node:assert/strict";
import type { Fields } from "../../lab/manifests/fields.ts";
import { secretText } from "../../lab/manifests/secret-text.ts";
import { UNKNOWN } from "../../lab/manifests/unknown.ts";

const entries = (values: Fields) =>
  secretText({ apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, ...values });

describe("the text of a Secret", () => {
  it("is what data holds as base64 and stringData as it is; stringData wins", () => {
    assert.deepEqual(entries({ data: { a: "b25l", b: "b25l" }, stringData: { b: "two", c: "three" } }), {
      a: "one",
      b: "two",
      c: "three",
    });
  });

  it("leaves out what is not known yet", () => {
    assert.deepEqual(entries({ data: { a: UNKNOWN, b: "b25l" } }), { b: "one" });
    assert.deepEqual(entries({ data: UNKNOWN, stringData: { a: "one" } }), { a: "one" });
  });

  it("is not that of data where stringData will win, but is not known yet", () => {
    assert.deepEqual(entries({ data: { a: "b25l", b: "b25l" }, stringData: { a: UNKNOWN } }), { b: "one" });
    assert.deepEqual(entries({ data: { a: "b25l" }, stringData: UNKNOWN }), {});
  });
});
