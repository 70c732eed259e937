import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { exercises } from "../../lab/exercise/catalogue/catalogue.ts";
import { brokenFile, mendedFile } from "../../lab/exercise/edits.ts";
import { type Exercise, stackOf } from "../../lab/exercise/exercise.ts";
import { judge } from "../../lab/exercise/judge.ts";
import { promisedAnswers } from "../../lab/exercise/lesson.ts";
import { type Observation, observe, shows } from "../../lab/exercise/observe.ts";
import { stackText } from "../support/stack-files.ts";

/** Every exercise is played in this process: given out, seen, mended, seen again. */
describe("exercises", function () {
  this.timeout(60_000);
  const directory = mkdtempSync(join(tmpdir(), "learn-exercises-"));
  after(() => rmSync(directory, { recursive: true }));

  // Solutions that lead back to the prototype are rehearsed once per prototype.
  const seen = new Map<string, Promise<Observation>>();
  function observed(exercise: Exercise, text: string): Promise<Observation> {
    const key = JSON.stringify(parse(text).config);
    const known = seen.get(key) ?? observeText(exercise, text);
    seen.set(key, known);
    return known;
  }
  async function observeText(exercise: Exercise, text: string): Promise<Observation> {
    const file = join(directory, `Pulumi.${stackOf(exercise)}.yaml`);
    writeFileSync(file, text);
    return observe(file, { run: "here" });
  }

  it("are at least twelve, over all prototypes, each with a name of its own", () => {
    assert.ok(exercises.length >= 12);
    assert.equal(new Set(exercises.map(({ name }) => name)).size, exercises.length);
    const prototypes = new Set(exercises.map(({ prototype }) => prototype.slice(0, "learn-01".length)));
    assert.deepEqual([...prototypes], ["learn-01", "learn-02", "learn-03", "learn-04", "learn-05", "learn-06"]);
  });

  for (const exercise of exercises) {
    const { name, prototype, symptoms } = exercise;
    it(`${name}: shows its symptoms, and none of them once it is mended`, async () => {
      const given = brokenFile(stackText(prototype), exercise);
      const promised = promisedAnswers(given);
      const broken = await observed(exercise, given);
      const told = broken.troubles.map(({ text }) => text).join("\n");
      for (const symptom of symptoms) assert.ok(shows(broken, symptom), `${JSON.stringify(symptom)} not in:\n${told}`);
      assert.equal(judge(broken, promised).mended, false);

      const mended = await observed(exercise, mendedFile(given, exercise));
      assert.deepEqual(judge(mended, promised), { mended: true, remarks: [] });
      assert.deepEqual(mended.asked.toSorted(), promised.toSorted());
    });
  }
});
