import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { type Rehearsal, stage } from "../../lab/rehearsal/rehearsal.ts";
import { answersText, reportText } from "../../lab/rehearsal/report-text.ts";
import { prototypeOf } from "../../lab/stack/topology.ts";
import { rehearsed } from "../support/rehearsed.ts";

describe("the report of a rehearsal", function () {
  this.timeout(60_000);
  let rehearsal: Rehearsal;
  before(async () => {
    const run = await rehearsed("learn-05");
    rehearsal = await stage(run, prototypeOf(run), { directory: "out" });
  });
  after(() => rehearsal.gateway.close());

  /** The report's lines from the request paths on, without colours; the plan above them is a tree. */
  function lines(width?: number): string[] {
    const text = stripVTControlCharacters(reportText(rehearsal, "out", width));
    return text.slice(text.indexOf("Request paths\n")).split("\n");
  }

  it("is not wider than a narrow terminal, and says there what it says in a wide one", () => {
    const narrow = lines(80);
    assert.deepEqual(
      narrow.filter((line) => line.length > 80),
      [],
    );
    const paths = (all: string[]) => all.join(" ").replaceAll(/\s+/g, " ").split(" Answers ", 1)[0];
    assert.equal(paths(narrow), paths(lines()));
  });

  it("tells what was expected and got below each question where the table does not fit, and only there", () => {
    const text = (width?: number) => stripVTControlCharacters(answersText(rehearsal.outcomes, width));
    assert.match(
      text(80),
      /^ {2}✓ {2}GET https:\/\/mango\.example\.com\/mango\n {5}expected juicy mango; got 200 juicy mango \(request\)\n/,
    );
    assert.doesNotMatch(text(80), /asked/);
    assert.equal(text(200), text());
    assert.match(text(200), /^ +asked +expected +got +decided by\n/);
  });
});
