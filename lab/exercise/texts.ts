import { tableText } from "../rehearsal/report-text.ts";
import pc from "../terminal/colours.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { type Exercise, stackOf } from "./exercise.ts";
import type { Verdict } from "./judge.ts";
import type { Entry, Progress } from "./progress.ts";

/** All exercises with how far they are. */
export function listText(exercises: readonly Exercise[], progress: Progress): string {
  const rows = exercises.map((exercise) => {
    const entry = progress[exercise.name];
    return [mark(entry), exercise.name, exercise.prototype, exercise.concept, state(entry)];
  });
  const mended = exercises.filter(({ name }) => progress[name]?.mended).length;
  return [
    tableText(["", "exercise", "from", "about", ""], rows),
    "",
    `  ${mended} of ${exercises.length} mended. ${pc.dim("Begin one: npm run exercise -- <name>")}`,
  ].join("\n");
}

function mark(entry: Entry | undefined): string {
  return entry === undefined ? pc.dim("·") : entry.mended ? pc.green("✓") : pc.yellow("…");
}

function state(entry: Entry | undefined): string {
  if (entry === undefined) return "";
  const helped = entry.solutionShown
    ? "solution seen"
    : entry.hints > 0
      ? `${entry.hints} ${entry.hints === 1 ? "hint" : "hints"}`
      : "";
  return [entry.mended ? "mended" : "begun", helped].filter((part) => part !== "").join(", ");
}

/** What beginning an exercise will change; said before it does. */
export function changesText(exercise: Exercise, file: string): string {
  return [
    `This writes ${shownPath(file)}, a copy of ${exercise.prototype}'s stack file with one wire broken, and remembers it in .exercises.json.`,
    `Both are git-ignored. No cluster is touched; \`npm run up -- ${stackOf(exercise)}\` would make a minikube cluster of its own of that name.`,
  ].join("\n");
}

/** What to look for and how, once an exercise is begun. */
export function beginText(exercise: Exercise, file: string): string {
  const { name, concept, tells, onCluster } = exercise;
  const stack = stackOf(exercise);
  return [
    "",
    `${pc.bold(name)}: ${concept}`,
    "",
    `  What is to be seen: ${tells}`,
    ...(onCluster === undefined ? [] : [`  On a cluster: ${onCluster}`]),
    "",
    tableText(
      [],
      [
        [`npm start -- ${stack}`, pc.dim("rehearse it: the answers that differ, the wiring, the picture")],
        [`npm run up -- ${stack}`, pc.dim("or bring it up on a cluster, then npm run verify, npm run doctor")],
        [`edit ${shownPath(file)}`, pc.dim("mend it")],
        [`npm run exercise -- ${name} --check`, pc.dim("mended, or what is still to be seen")],
        [`npm run exercise -- ${name} --hint`, pc.dim("a hint, one at a time")],
      ],
    ),
  ].join("\n");
}

export function hintText({ text, number, of }: { text: string; number: number; of: number }): string {
  const last = number === of ? pc.dim("  (the last one; after it comes --solution)") : "";
  return `hint ${number} of ${of}: ${text}${last}`;
}

export function verdictText(exercise: Exercise, { mended, remarks }: Verdict): string {
  if (mended) {
    return [
      pc.green(`${exercise.name} is mended: every answer is as promised and every wire holds.`),
      exercise.teaches,
    ].join("\n");
  }
  return [pc.red(`${exercise.name} is still broken:`), ...remarks.map((remark) => `  ${indented(remark)}`)].join("\n");
}

export function solutionText(exercise: Exercise, lines: readonly string[]): string {
  const coloured = lines.map((line) => (line.startsWith("-") ? pc.red(line) : pc.green(line)));
  return [exercise.hints.at(-1) ?? "", "", ...coloured, "", exercise.teaches].join("\n");
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n    ");
}
