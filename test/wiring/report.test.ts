import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { error, warning } from "../../lab/wiring/finding.ts";
import { jsonReport, summary, textReport } from "../../lab/wiring/report.ts";
import { objects } from "./example.ts";

const set = () => objects("# a comment\n\napiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: n }");
const from = { kind: "Service", namespace: "n", name: "a" };
const to = { kind: "Deployment", namespace: "n", name: "b" };
const findings = [
  error("W29", { from, to, message: "finds no pods", fix: "mend it", path: "/spec/selector" }),
  warning("W35", { from, to: null, message: "is doubtful", fix: "look again" }),
];

describe("reports of findings", () => {
  it("are grouped for people by the object at which the wires begin, with its place", () => {
    assert.equal(
      stripVTControlCharacters(textReport(findings, set())),
      [
        "Service n/a  example.yaml:3",
        "  error W29 → Deployment n/b",
        "    finds no pods",
        "    fix: mend it",
        "  warning W35",
        "    is doubtful",
        "    fix: look again",
        "",
        "1 error and 1 warning in 1 object",
      ].join("\n"),
    );
  });

  it("say when nothing is wrong", () => {
    assert.equal(stripVTControlCharacters(summary([], 2)), "2 objects checked: every wire holds");
  });

  it("are arrays for programs, with references and with messages that name both ends", () => {
    assert.deepEqual(JSON.parse(jsonReport(findings)), [
      {
        rule: "W29",
        severity: "error",
        from,
        to,
        message: "Service n/a → Deployment n/b: finds no pods",
        fix: "mend it",
      },
      { rule: "W35", severity: "warning", from, to: null, message: "Service n/a: is doubtful", fix: "look again" },
    ]);
  });
});
