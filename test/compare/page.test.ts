import assert from "node:assert/strict";
import { type Side, writeComparePage } from "../../lab/compare/page.ts";
import type { FieldData } from "../../lab/pictures/page/field-book.ts";
import { golden } from "../support/golden.ts";
import { declared } from "./doors.ts";

const EVIL = `</script><img src=x onerror=alert(1)>'"`;

function side(stack: string, story = `the story of ${stack}`): Side {
  return { stack, story, ...declared(stack) };
}

/** What the page's script reads: the data of its buttons. */
function dataOf(page: string): FieldData {
  const json = /<script type="application\/json" id="data">([\s\S]*?)<\/script>/.exec(page)?.[1];
  return JSON.parse(json ?? "");
}

/** The page between its head and its panel, a line for each element that begins one. */
function bodyOf(page: string): string {
  return /<header>[\s\S]*<\/main>/.exec(page)?.[0] ?? "";
}

describe("the page of a comparison", () => {
  const page = writeComparePage(side("learn-01"), side("learn-05"), "");

  it("has a row for each topic of each application that both stacks have, as kept", () => {
    golden("compare", "learn-01--learn-05.html", `${bodyOf(page)}\n`);
  });

  it("marks in the YAML just the lines of the field that a button names", () => {
    const { fields, objects } = dataOf(page);
    const lines = (heading: string) => {
      const parts = fields.find((field) => field.heading === heading)?.parts ?? [];
      assert.notEqual(parts.length, 0, `no button ${heading}`);
      return parts.flatMap(({ object, marks }) =>
        marks.flatMap(({ first, last }) => (objects[object]?.yaml ?? "").split("\n").slice(first - 1, last)),
      );
    };
    assert.deepEqual(lines("Ingress mango/mango spec.tls[].secretName, in learn-01"), ["      secretName: mango-tls"]);
    assert.deepEqual(lines("Gateway mango/mango-gateway spec.listeners[https].tls.certificateRefs, in learn-05"), [
      "        certificateRefs:",
      "          - kind: Secret",
      "            name: mango-https-tls",
    ]);
    assert.deepEqual(lines("Gateway mango/mango-gateway spec.listeners[http].port, protocol, in learn-05"), [
      "      port: 80",
      "      protocol: HTTP",
    ]);
    assert.deepEqual(lines("Namespace mango metadata.labels[istio.io/dataplane-mode], in learn-05"), [
      "    istio.io/dataplane-mode: ambient",
    ]);
  });

  it("tells what moved from Ingress to Gateway API in a sentence of its own, elsewhere in plain words", () => {
    assert.match(page, /secretName became certificateRefs of the listener/);
    const within = writeComparePage(side("learn-03-04"), side("learn-05"), "");
    assert.doesNotMatch(within, /became/);
    const back = writeComparePage(side("learn-05"), side("learn-01"), "");
    assert.doesNotMatch(back, /became/);
    assert.match(back, /The same, said in another field\./);
  });

  it("names every application and object that only one stack has, each object with its YAML", () => {
    const { fields, objects } = dataOf(page);
    const shown = fields
      .filter(({ parts }) => parts.every(({ marks }) => marks.length === 0))
      .flatMap(({ parts }) => parts.map(({ object }) => objects[object]?.name));
    assert.ok(shown.includes("Ingress apple/apple-host"));
    assert.ok(shown.includes("TLSRoute nginx/nginx"));
    assert.match(page, /Only in learn-05[\s\S]*<h3>Applications<\/h3><ul class="names"><li>nginx<\/li><\/ul>/);
  });

  it("says so where no application is in both", () => {
    const apart = writeComparePage(side("learn-02"), side("learn-05"), "");
    assert.match(apart, /No application is in both stacks\./);
    assert.match(apart, /Only in learn-02/);
  });

  it("escapes what comes from outside", () => {
    const evil = writeComparePage({ ...side("learn-01", EVIL), stack: EVIL }, side("learn-05"), "");
    assert.doesNotMatch(evil, /<img/);
    assert.equal(evil.match(/<script/g)?.length, 2);
  });
});
