import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exercises } from "../../lab/exercise/catalogue/catalogue.ts";
import { changedLines, edited } from "../../lab/exercise/edits.ts";
import { judge } from "../../lab/exercise/judge.ts";
import { Lesson } from "../../lab/exercise/lesson.ts";
import { readProgress } from "../../lab/exercise/progress.ts";
import { listText, solutionText } from "../../lab/exercise/texts.ts";
import { Workplace } from "../../lab/exercise/workplace.ts";
import { VisibleError } from "../../lab/terminal/visible-error.ts";

describe("a lesson", () => {
  let directory: string;
  let place: Workplace;
  let lesson: Lesson;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "learn-lesson-"));
    cpSync(fileURLToPath(new URL("../../stacks", import.meta.url)), join(directory, "stacks"), {
      recursive: true,
      filter: (source) => !source.includes("exercise-"),
    });
    place = new Workplace(directory);
    const etcd = exercises.find(({ name }) => name === "etcd-resources");
    assert.ok(etcd);
    lesson = new Lesson(etcd, place);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const refuses = (pattern: RegExp) => (error: unknown) =>
    error instanceof VisibleError && error.exitCode === 2 && pattern.test(error.message);

  it("gives out the prototype's file with one wire broken, its comments kept, and never writes over a learner's work", async () => {
    await lesson.begin();
    const given = readFileSync(lesson.file, "utf8");
    assert.match(given, /^# yaml-language-server: .*\n# Exercise etcd-resources: a copy of learn-06/);
    assert.match(given, /# Secrets encrypted in etcd: read through the API/);
    assert.match(given, /resources: \[configmaps\] \}/);
    assert.match(given, /\nencryptionsalt: .*\n$/);
    writeFileSync(lesson.file, `${given}# mine\n`);
    await assert.rejects(lesson.begin(), refuses(/is begun already/));
    assert.match(readFileSync(lesson.file, "utf8"), /# mine/);
  });

  it("shows hints one at a time and remembers how many", async () => {
    await lesson.begin();
    const { hints } = lesson.exercise;
    for (const [index, hint] of hints.entries()) {
      assert.deepEqual(await lesson.hint(), { text: hint, number: index + 1, of: hints.length });
    }
    assert.equal((await lesson.hint()).number, hints.length);
    const progress = await readProgress(place.progress);
    assert.equal(progress["etcd-resources"]?.hints, hints.length);
    assert.match(listText([lesson.exercise], progress), /… {2}etcd-resources .* begun, 3 hints\n\n {2}0 of 1 mended/);
  });

  it("knows what is still broken and when it is mended, and remembers it", async () => {
    await assert.rejects(lesson.check("here"), refuses(/is not begun: `npm run exercise -- etcd-resources`/));
    await lesson.begin();
    const broken = await lesson.check("here");
    assert.equal(broken.mended, false);
    assert.match(
      broken.remarks.join("\n"),
      /^etcd \/registry\/secrets\/default\/a-secret: expected .* got begins with k8s/,
    );
    writeFileSync(lesson.file, readFileSync(lesson.file, "utf8").replace("[configmaps]", "[configmaps, secrets]"));
    assert.deepEqual(await lesson.check("here"), { mended: true, remarks: [] });
    assert.equal((await readProgress(place.progress))["etcd-resources"]?.mended, true);
  });

  it("does not take a file for mended that no longer promises the answer, or that cannot be read", async () => {
    await lesson.begin();
    const text = readFileSync(lesson.file, "utf8");
    writeFileSync(lesson.file, text.replace(/ {4}- \{ etcd: .*\n/, ""));
    const dropped = await lesson.check("here");
    assert.deepEqual(dropped.remarks, [
      "etcd /registry/secrets/default/a-secret: no longer promised; put it back under answers",
    ]);
    writeFileSync(lesson.file, `${text}\n[`);
    const unreadable = await lesson.check("here");
    assert.equal(unreadable.mended, false);
    assert.match(unreadable.remarks.join("\n"), /not readable as YAML/);
  });

  it("shows the lines of the solution and what they teach", async () => {
    const lines = await lesson.solution();
    assert.equal(lines.length, 2);
    assert.match(lines.join("\n"), /^- .*resources: \[configmaps\] \}\n\+ .*resources: \[secrets\] \}$/);
    assert.match(solutionText(lesson.exercise, lines), /Only a look into etcd proves encryption/);
    assert.equal((await readProgress(place.progress))["etcd-resources"]?.solutionShown, true);
  });

  it("forgets everything on reset, but not while its stack is up", async () => {
    await lesson.begin();
    const state = join(directory, ".state", ".pulumi", "stacks", "learn");
    mkdirSync(state, { recursive: true });
    writeFileSync(join(state, "exercise-etcd-resources.json"), "{}");
    await assert.rejects(lesson.reset(), refuses(/npm run destroy -- exercise-etcd-resources/));
    assert.ok(existsSync(lesson.file));
    rmSync(join(state, "exercise-etcd-resources.json"));
    await lesson.reset();
    assert.equal(existsSync(lesson.file), false);
    assert.deepEqual(await readProgress(place.progress), {});
  });

  it("says what to do about a file of progress that is broken", async () => {
    writeFileSync(place.progress, "[");
    await assert.rejects(readProgress(place.progress), refuses(/\.exercises\.json does not hold .* delete it/));
  });
});

describe("edits of a stack file", () => {
  const text = '# story\nconfig:\n  learn:apps:\n    a: { echo: "1.0", list: [1, 2] } # here\n';

  it("keep comments, quotes and order", () => {
    const after = edited(text, [
      { set: ["learn:apps", "a", "echo"], to: "x" },
      { add: ["learn:apps", "a", "list"], entry: 3 },
    ]);
    assert.equal(after, "# story\nconfig:\n  learn:apps:\n    a: { echo: x, list: [1, 2, 3] } # here\n");
  });

  it("refuse to remove what is not there", () => {
    assert.throws(() => edited(text, [{ remove: ["learn:apps", "b"] }]), /there is no config\.learn:apps\.b to remove/);
  });

  it("are shown as the lines that differ", () => {
    assert.deepEqual(changedLines("a\nb\nc\n", "a\nx\nc\n"), ["- b", "+ x"]);
    assert.deepEqual(changedLines("a\nb\n", "a\n"), ["- b"]);
  });
});

describe("the verdict", () => {
  it("does not ask for the promises of a file that is refused as a whole", () => {
    const troubles = [{ symptom: { refused: "no" }, text: "no" }];
    assert.deepEqual(judge({ troubles, asked: [] }, ["GET http://a/"]).remarks, ["no"]);
  });
});
