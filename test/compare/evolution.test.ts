import assert from "node:assert/strict";
import { evolutionStrip } from "../../lab/compare/evolution.ts";
import type { Strip } from "../../lab/pictures/strip.ts";
import { drawStrip } from "../../lab/pictures/strip-svg.ts";
import { golden } from "../support/golden.ts";
import { loadPrototype } from "../support/stack-files.ts";
import { doors } from "./doors.ts";

function stripOf(app: string, ...stacks: string[]): Strip {
  const strip = evolutionStrip(
    app,
    stacks.map((stack) => ({ stack, topology: doors(stack) })),
  );
  assert.ok(strip, `${app} is on no way`);
  return strip;
}

function cellsOf(strip: Strip, topic: string) {
  const row = strip.rows.find(({ title }) => title === topic);
  assert.ok(row, `no row ${topic}`);
  return row.cells.map(({ column, span, change, entries }) => {
    return [column, span, change?.type, entries.flatMap(({ places }) => places.flatMap(({ fields }) => fields))];
  });
}

describe("an application on its way through stacks", () => {
  const mango = stripOf("mango", "learn-01", "learn-02", "learn-03-04", "learn-03-07", "learn-05");

  it("leaves out stacks without it, and joins those in which nothing is other than before", () => {
    assert.deepEqual(mango.columns, [
      { title: "learn-01", note: undefined },
      { title: "learn-03-04", note: "the same in learn-03-07, learn-05" },
    ]);
  });

  it("joins by an arrow what moved, and by another what is otherwise", () => {
    assert.deepEqual(cellsOf(mango, "where TLS ends"), [
      [0, 1, undefined, ["spec.tls"]],
      [1, 1, "moved", ["spec.listeners[https].tls.mode"]],
    ]);
    assert.deepEqual(
      cellsOf(mango, "host").map(([, , change]) => change),
      [undefined, "changed"],
    );
  });

  it("lets a cell go on over the columns in which it stays as it is", () => {
    const prototype = loadPrototype("learn-03-04");
    const { mango: app } = prototype.apps;
    const quiet = {
      ...prototype,
      apps: { ...prototype.apps, ...(app && { mango: { ...app, mesh: "none" as const } }) },
    };
    const strip = evolutionStrip("mango", [
      { stack: "learn-01", topology: doors("learn-01") },
      { stack: "quiet", topology: doors("quiet", quiet) },
      { stack: "learn-05", topology: doors("learn-05") },
    ]);
    assert.ok(strip);
    const places = (topic: string) => cellsOf(strip, topic).map(([column, span, change]) => [column, span, change]);
    assert.deepEqual(places("path"), [
      [0, 1, undefined],
      [1, 2, "moved"],
    ]);
    assert.deepEqual(places("behind the door"), [
      [0, 2, undefined],
      [2, 1, "changed"],
    ]);
  });

  it("is none where there is one column, or nobody of that name", () => {
    const stops = ["learn-03-04", "learn-03-07"].map((stack) => ({ stack, topology: doors(stack) }));
    assert.equal(evolutionStrip("mango", stops), undefined);
    assert.equal(evolutionStrip("nobody", stops), undefined);
  });

  it("is drawn as kept, with a title for every cell and every change", () => {
    const svg = drawStrip(mango);
    golden("compare", "evolution-mango.svg", svg);
    const cells = mango.rows.flatMap((row) => row.cells);
    assert.equal(svg.match(/<g class="box cell[^>]*><title>[^<]+<\/title>/g)?.length, cells.length);
    assert.equal(svg.match(/<g><title>[^<]+<\/title>/g)?.length, cells.filter(({ change }) => change).length);
  });
});
