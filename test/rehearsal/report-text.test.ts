import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { unplayedAnnotations } from "../../lab/gateway/plan/unplayed-annotations.ts";
import { fields } from "../../lab/manifests/fields.ts";
import { type Rehearsal, stage } from "../../lab/rehearsal/rehearsal.ts";
import { rehearse } from "../../lab/rehearsal/rehearse.ts";
import { reportJson } from "../../lab/rehearsal/report-json.ts";
import { answersText, reportText } from "../../lab/rehearsal/report-text.ts";
import { prototypeOf } from "../../lab/stack/topology.ts";
import { rehearsed } from "../support/rehearsed.ts";
import { loadPrototype, stackValues } from "../support/stack-files.ts";

describe("the report of a rehearsal", function () {
  this.timeout(60_000);
  let rehearsal: Rehearsal;
  before(async () => {
    const run = await rehearsed("learn-05");
    rehearsal = await stage(run, prototypeOf(run), { directory: "out" });
  });
  after(() => rehearsal.gateway.close());

  /** The report's lines without colours. */
  function lines(width?: number): string[] {
    return stripVTControlCharacters(reportText(rehearsal, "out", width)).split("\n");
  }

  it("is not wider than a narrow terminal, and says there what it says in a wide one", () => {
    const narrow = lines(80);
    assert.deepEqual(
      narrow.filter((line) => line.length > 80),
      [],
    );
    const told = (all: string[]) =>
      all
        .join(" ")
        .replaceAll(/[\s│]+/g, " ")
        .split(" Answers ", 1)[0];
    assert.equal(told(narrow), told(lines()));
  });

  it("names the annotations of the stack's Ingresses that are not played, as npm run serve does", async () => {
    const values = stackValues("learn-01");
    const { passion } = loadPrototype("learn-01").apps;
    const annotations = { "nginx.ingress.kubernetes.io/limit-rps": "5" };
    const slow = { ...passion, ingress: { ...passion?.ingress, annotations } };
    const config = { "learn:apps": { ...fields(values.apps), passion: slow } };
    const run = await rehearse("learn-01", { run: "here", config });
    const limited = await stage(run, prototypeOf(run), { directory: "out" });
    try {
      const unplayed = unplayedAnnotations(limited.topology);
      assert.match(unplayed.join("\n"), /^Ingress passion\/passion: .*\{limit-rps\} not played: .*$/);
      assert.ok(stripVTControlCharacters(reportText(limited, "out")).includes(`\n  ${unplayed[0]}\n`));
      assert.deepEqual(fields(reportJson(limited, "out")).unplayed, unplayed);
    } finally {
      await limited.gateway.close();
    }
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
