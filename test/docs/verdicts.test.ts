import assert from "node:assert/strict";
import { readVerdicts, tellerOf } from "../../tools/docs/controller-verdicts.ts";
import { rehearsed } from "../support/rehearsed.ts";
import { type BrokenWire, brokenWires } from "../wiring/broken-wires.ts";

/** Conditions with which istiod refuses a route or listener. */
const REFUSED = /: (Accepted|Programmed|ResolvedRefs)=False/;

describe("docs/controller-verdicts.json", () => {
  const verdicts = readVerdicts();
  let wires: BrokenWire[];
  before(async () => {
    wires = await brokenWires(rehearsed);
  });

  it("has no verdict of a wire that is gone, and the others in their order (npm run test:real -- --only verdicts)", () => {
    const names = wires.map(({ set, name }) => `${set} ${name}`);
    const judged = verdicts.map(({ set, wire }) => `${set} ${wire}`);
    assert.ok(judged.length > 100);
    assert.deepEqual(
      judged,
      names.filter((name) => judged.includes(name)),
    );
  });

  it("shows nothing that the API server or istiod refuses and the check only warns of", () => {
    // of certificates istiod sees no more than that the stand-in of cert-manager did not fill a Secret
    const own = wires.filter(({ name }) => !name.startsWith("W39"));
    const mild = own.filter(({ findings }) => !findings.some(({ severity }) => severity === "error"));
    const refused = mild.filter(({ set, name }) => {
      const verdict = verdicts.find((one) => one.set === set && one.wire === name);
      return (
        verdict !== undefined &&
        (tellerOf(verdict) === "API server" || verdict.statuses.some((line) => REFUSED.test(line)))
      );
    });
    assert.ok(mild.length > 10);
    assert.deepEqual(
      refused.map(({ set, name }) => `${set} ${name}`),
      [],
    );
  });

  it("is told by the API server, by istiod, by a client alone and by nobody", () => {
    assert.deepEqual([...new Set(verdicts.map(tellerOf))].sort(), ["API server", "client", "istiod", "nobody"]);
  });
});
