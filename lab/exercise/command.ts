import { Command } from "commander";
import { nearest } from "../../config/nearest.ts";
import { parseArguments } from "../terminal/arguments.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import { exercises } from "./catalogue/catalogue.ts";
import { type Exercise, stackOf } from "./exercise.ts";
import { Lesson } from "./lesson.ts";
import { readProgress } from "./progress.ts";
import { beginText, changesText, hintText, listText, solutionText, verdictText } from "./texts.ts";
import { Workplace } from "./workplace.ts";

interface Options {
  readonly hint?: true;
  readonly check?: true;
  readonly solution?: true;
  readonly reset?: true;
}

/** `npm run exercise`: the list; with a name, one exercise. */
export async function exerciseCommand(args: readonly string[], place = new Workplace()): Promise<number> {
  const program = new Command("exercise")
    .description("Break and mend: prototypes with one wire broken, to be found and mended")
    .argument("[name]", "an exercise; without one, all of them with how far you are")
    .option("--hint", "the next hint")
    .option("--check", "rehearse your file: mended, or what is still to be seen")
    .option("--solution", "what was broken, and what mends it")
    .option("--reset", "throw your file away, and what is remembered of it");
  const parsed = parseArguments(program, args);
  if (parsed === undefined) return 0;
  const [name] = parsed;
  const chosen = Object.keys(program.opts<Options>());
  if (chosen.length > 1) throw new VisibleError(`one of --${chosen.join(", --")} at a time`);
  if (name === undefined) {
    if (chosen.length > 0) throw new VisibleError(`--${chosen.join()} of which exercise? ${known()}`);
    say(listText(exercises, await readProgress(place.progress)));
    return 0;
  }
  return act(new Lesson(named(name), place), program.opts<Options>());
}

async function act(lesson: Lesson, { hint, check, solution, reset }: Options): Promise<number> {
  const { exercise, file } = lesson;
  if (hint) say(hintText(await lesson.hint()));
  else if (solution) say(solutionText(exercise, await lesson.solution()));
  else if (reset) {
    await lesson.reset();
    say(`${shownPath(file)} is gone, and so is what was remembered of it.`);
  } else if (check) {
    const verdict = await lesson.check();
    say(verdictText(exercise, verdict));
    return verdict.mended ? 0 : 1;
  } else {
    if (!lesson.begun) say(changesText(exercise, file));
    await lesson.begin();
    say(beginText(exercise, file));
  }
  return 0;
}

/** By its own name, or by the name of its stack. */
function named(given: string): Exercise {
  const found = exercises.find((exercise) => exercise.name === given || stackOf(exercise) === given);
  if (found) return found;
  const names = exercises.map(({ name }) => name);
  const near = nearest(given, names);
  throw new VisibleError([`no exercise named ${given}${near === undefined ? "" : `; did you mean ${near}?`}`, known()]);
}

function known(): string {
  return `There are: ${exercises.map(({ name }) => name).join(", ")}.`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
