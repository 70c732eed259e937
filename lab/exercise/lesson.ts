import { parseDocument } from "yaml";
import { fields, fieldsList, text } from "../manifests/fields.ts";
import { withProgress } from "../terminal/progress.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import { changedLines, mendedFile } from "./edits.ts";
import { type Exercise, stackOf } from "./exercise.ts";
import { judge, type Verdict } from "./judge.ts";
import { observe } from "./observe.ts";
import { readProgress, withEntry, without, writeProgress } from "./progress.ts";
import type { Workplace } from "./workplace.ts";

/** What one can do with an exercise; each remembers what it must, and says what it has to say by its result. */
export class Lesson {
  readonly exercise: Exercise;
  readonly #place: Workplace;

  constructor(exercise: Exercise, place: Workplace) {
    this.exercise = exercise;
    this.#place = place;
  }

  get file(): string {
    return this.#place.file(this.exercise);
  }

  get begun(): boolean {
    return this.#place.begun(this.exercise);
  }

  /** @throws VisibleError when it is already begun */
  async begin(): Promise<void> {
    if (this.begun) {
      throw new VisibleError(
        `exercise ${this.exercise.name} is begun already; \`--check\` looks at your file, \`--reset\` throws it away`,
      );
    }
    await this.#place.begin(this.exercise);
    await this.#remember({});
  }

  /** The next hint with its number; the last one again when all have been shown. */
  async hint(): Promise<{ readonly text: string; readonly number: number; readonly of: number }> {
    const { hints } = this.exercise;
    const shown = (await readProgress(this.#place.progress))[this.exercise.name]?.hints ?? 0;
    const number = Math.min(shown + 1, hints.length);
    await this.#remember({ hints: number });
    return { text: hints[number - 1] ?? "", number, of: hints.length };
  }

  /** Rehearses the learner's file. @throws VisibleError when it is not begun */
  async check(run: "process" | "here" = "process"): Promise<Verdict> {
    if (!this.begun) {
      throw new VisibleError(
        `exercise ${this.exercise.name} is not begun: \`npm run exercise -- ${this.exercise.name}\``,
      );
    }
    const observation = await withProgress(`rehearsing ${stackOf(this.exercise)}`, () => observe(this.file, { run }));
    const verdict = judge(observation, promisedAnswers(await this.#place.given(this.exercise)));
    if (verdict.mended) await this.#remember({ mended: true });
    return verdict;
  }

  /** The lines of the file as it was given out that change, and into what. */
  async solution(): Promise<readonly string[]> {
    const given = await this.#place.given(this.exercise);
    await this.#remember({ solutionShown: true });
    return changedLines(given, mendedFile(given, this.exercise));
  }

  /** Throws the learner's file and what is remembered away. */
  async reset(): Promise<void> {
    await this.#place.remove(this.exercise);
    await writeProgress(this.#place.progress, without(await readProgress(this.#place.progress), this.exercise.name));
  }

  async #remember(change: Parameters<typeof withEntry>[2]): Promise<void> {
    const progress = await readProgress(this.#place.progress);
    await writeProgress(this.#place.progress, withEntry(progress, this.exercise.name, change));
  }
}

/** The answers that a stack file promises, as the rehearsal names them. */
export function promisedAnswers(stackFile: string): string[] {
  const config = fields(fields(parseDocument(stackFile).toJS()).config);
  const ofApps = Object.values(fields(config["learn:apps"])).flatMap((app) => fieldsList(fields(app).answers));
  return [...ofApps, ...fieldsList(config["learn:answers"])].map((answer) => {
    const get = text(answer.get);
    if (get !== undefined) return `${text(answer.method) ?? "GET"} ${get}`;
    if (typeof answer.certificate === "string") return `certificate ${answer.certificate}`;
    if (typeof answer.secret === "string") return `Secret ${answer.secret}, ${String(answer.key)}`;
    if (typeof answer.etcd === "string") return `etcd ${answer.etcd}`;
    return `Vault ${String(answer.vault)}`;
  });
}
