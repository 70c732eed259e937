import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { readVerdicts, type Verdict, verdictsFile, verdictsText } from "../../../tools/docs/controller-verdicts.ts";
import { BROKEN_STACKS, type BrokenWire, brokenWires, EXAMPLE } from "../../wiring/broken-wires.ts";
import { rehearsalOf } from "../program/registrations.ts";
import { Court } from "../verdicts/court.ts";
import { Scene } from "../verdicts/scene.ts";

const UPDATE = process.env.UPDATE_GOLDEN === "1";

const wires = await brokenWires(rehearsalOf);
const recorded = readVerdicts();

describe("each broken wire that the check knows, on the real API server, istiod and Envoy", function () {
  this.timeout(120_000);
  const court = new Court(UPDATE ? { quiet: 2000, limit: 20_000 } : { quiet: 400, limit: 20_000 });
  const given: Verdict[] = [];

  before(async function () {
    this.timeout(240_000);
    await court.start();
  });
  after(async () => {
    if (UPDATE) writeFileSync(verdictsFile, verdictsText(inOrder([...given, ...recorded])));
    await court.stop();
  });

  for (const set of [...BROKEN_STACKS, EXAMPLE])
    describe(set === EXAMPLE ? "of the rules' example" : `of ${set}`, () => {
      const own = wires.filter((wire) => wire.set === set);
      let scene: Scene;

      before(async function () {
        this.timeout(240_000);
        scene = await (set === EXAMPLE ? Scene.ofExample() : rehearsalOf(set).then(Scene.ofStack));
      });

      let sound = false;
      it("has nothing said against it while every wire holds", async () => {
        assert.deepEqual(await court.open(scene, own), { statuses: [], answers: [] });
        sound = true;
      });

      for (const wire of own)
        it(`is judged as docs/controller-verdicts.json says: ${wire.name}`, async () => {
          assert.ok(sound, "something is said against the set itself");
          const before = recorded.find((one) => isOf(one, wire));
          const verdict = await court.judge(scene, wire, UPDATE ? undefined : before);
          given.push(verdict);
          if (UPDATE) return;
          assert.ok(before, "it is not recorded there: run with UPDATE_GOLDEN=1");
          // istiod, busy, writes a status of a moment now and then and does not come back to it
          let last = verdict;
          for (let again = 0; again < 2 && !isDeepStrictEqual(last, before); again += 1)
            last = await court.judgeAgain(scene, wire, before);
          assert.deepEqual(last, before);
        });
    });
});

/** One verdict for each wire, the first that there is. */
function inOrder(verdicts: readonly Verdict[]): Verdict[] {
  return wires.flatMap((wire) => verdicts.find((one) => isOf(one, wire)) ?? []);
}

function isOf({ set, wire }: Verdict, { set: ofSet, name }: BrokenWire): boolean {
  return set === ofSet && wire === name;
}
