import assert from "node:assert/strict";
import fc from "fast-check";
import type { Strip, StripCell } from "../../lab/pictures/strip.ts";
import { layOutStrip, STRIP_SIZE } from "../../lab/pictures/strip-layout.ts";
import { drawStrip } from "../../lab/pictures/strip-svg.ts";
import { wrapText } from "../../lab/pictures/wrap.ts";

const EVIL = `</title><script>alert("1")</script>`;

function cell(column: number, span: number, value: string, change: StripCell["change"]): StripCell {
  const entries = value === "" ? [] : [{ value, places: [{ object: value, fields: [value, "a.b"] }] }];
  return { column, span, entries, change, tooltip: value };
}

function strip(value: string): Strip {
  const changed = { type: "changed", word: "changed" } as const;
  return {
    title: value,
    description: value,
    columns: ["one", "two", "three"].map((title) => ({ title, note: undefined })),
    rows: [
      { title: "first", cells: [cell(0, 1, value, undefined), cell(1, 2, "short", changed)] },
      { title: "second", cells: [cell(0, 2, "", undefined), cell(2, 1, value, { type: "added", word: "new" })] },
    ],
    legend: [{ change: changed, meaning: value }],
  };
}

describe("a strip", () => {
  it("keeps every line inside its cell, and every cell inside its row", () => {
    const { rows, width } = layOutStrip(strip("spec.listeners[https].tls.certificateRefs and ".repeat(4)));
    for (const row of rows) {
      for (const { x, y, width: wide, height, lines } of row.cells) {
        assert.ok(x + wide <= width - STRIP_SIZE.margin && y >= row.y && y + height <= row.y + row.height);
        for (const line of lines) {
          assert.ok(line.y > 0 && line.y < height, line.text);
          assert.ok(line.text.length * 6.1 <= wide - 2 * STRIP_SIZE.padding, line.text);
        }
      }
    }
  });

  it("lets arrows lead from one cell's edge to the next", () => {
    const [first] = layOutStrip(strip("x")).rows;
    const [before, after] = first?.cells ?? [];
    const [change] = first?.changes ?? [];
    assert.ok(before && after && change);
    assert.deepEqual([change.x1, change.x2], [before.x + before.width, after.x]);
  });

  it("lets nothing become markup", () => {
    assert.doesNotMatch(drawStrip(strip(EVIL)), /<script/);
  });
});

describe("wrapping", () => {
  it("breaks at spaces, and paths at their joints", () => {
    assert.deepEqual(wrapText("metadata.labels[istio.io/dataplane-mode]", 26), [
      "metadata.labels[istio.io",
      "/dataplane-mode]",
    ]);
    assert.deepEqual(wrapText("anybody who may create an Ingress", 28), ["anybody who may create an", "Ingress"]);
  });

  it("leaves nothing out, and makes no line too long", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z.[\]/ ]*$/), fc.integer({ min: 1, max: 30 }), (text, length) => {
        const lines = wrapText(text, length);
        assert.ok(lines.every((line) => line.length <= length));
        assert.equal(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
      }),
    );
  });
});
