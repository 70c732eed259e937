import assert from "node:assert/strict";
import type { Examination } from "../../lab/doctor/diagnosis.ts";
import { examineSet } from "../../lab/doctor/doctor.ts";
import { examinationText } from "../../lab/doctor/report.ts";
import { knownOf } from "../../lab/stack/known.ts";
import { assertDiagnosed } from "../support/diagnosis.ts";
import { golden } from "../support/golden.ts";
import { LiveObjects, notReady } from "../support/live-objects.ts";
import { addresses } from "./cases/addresses.ts";
import { attachment } from "./cases/attachment.ts";
import { unissued, vaultSays } from "./cases/case.ts";
import { certificates } from "./cases/certificates.ts";
import { pods } from "./cases/pods.ts";

const examined = (live: LiveObjects, unserved: readonly string[] = []): Examination =>
  examineSet({ objects: live.all, hidden: [], unserved }, knownOf(live.prototype));

// Objects as clusters show them, made after the controllers' documentation; a live cluster is not to be had here.
describe("doctor", () => {
  for (const stack of ["learn-01", "learn-02", "learn-03-01", "learn-03-07", "learn-04", "learn-05"]) {
    it(`finds nothing wrong with ${stack} when all is well`, async () => {
      const { diagnoses, doubts } = examined(await LiveObjects.of(stack));
      assert.ok(diagnoses.length > 0);
      assert.deepEqual(
        diagnoses.filter(({ broken }) => broken),
        [],
      );
      assert.deepEqual(doubts, []);
    });
  }

  for (const { title, stack, disease, unserved, wanted } of [...addresses, ...attachment, ...pods, ...certificates]) {
    it(title, async () => {
      const live = await LiveObjects.of(stack);
      disease(live);
      assertDiagnosed(wanted, examined(live, unserved).diagnoses);
    });
  }

  it("tells of wires that hold and are doubtful all the same", async () => {
    const live = await LiveObjects.of("learn-03-07");
    live.change("Namespace /mango", { metadata: { name: "mango", labels: {} } });
    const { diagnoses, doubts } = examined(live);
    assert.deepEqual(
      diagnoses.filter(({ broken }) => broken),
      [],
    );
    assert.deepEqual(
      doubts.map(({ rule }) => rule),
      ["W34"],
    );
    assert.match(
      examinationText({ diagnoses, doubts }),
      /\? Namespace mango\n {4}doubtful: .*outside the ambient mesh/,
    );
  });

  it("prints for each path that it holds, or its first broken wire, what it means and what to do", async () => {
    const live = await LiveObjects.of("learn-05");
    live.change("Issuer mango/mango-issuer", {
      status: notReady("VaultError", vaultSays("Code: 403. Errors: * invalid audience (aud) claim")),
    });
    unissued(live, "mango", "mango-https-tls");
    live.change("TLSRoute nginx/nginx", { status: {} });
    golden("doctor", "learn-05.txt", `${examinationText(examined(live))}\n`);
  });

  it("says so when there is nothing to examine", () => {
    assert.match(examinationText({ diagnoses: [], doubts: [] }), /nothing to examine.*Is this the cluster you mean\?/);
  });
});
