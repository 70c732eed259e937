import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VisibleError } from "../terminal/visible-error.ts";
import { brokenFile } from "./edits.ts";
import { type Exercise, stackOf } from "./exercise.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

/** Where exercises put their files. All of it is git-ignored. */
export class Workplace {
  readonly #stacks: string;
  readonly #state: string;
  readonly progress: string;

  /** @param directory the project's own, or a test's */
  constructor(directory = project) {
    this.#stacks = join(directory, "stacks");
    this.#state = join(directory, ".state");
    this.progress = join(directory, ".exercises.json");
  }

  /** The file that the learner edits. */
  file(exercise: Exercise): string {
    return join(this.#stacks, `Pulumi.${stackOf(exercise)}.yaml`);
  }

  async begin(exercise: Exercise): Promise<void> {
    await writeFile(this.file(exercise), await this.given(exercise), { flag: "wx" });
  }

  begun(exercise: Exercise): boolean {
    return existsSync(this.file(exercise));
  }

  /** The file as it is given out: made anew from the prototype's, which may have changed since. */
  async given(exercise: Exercise): Promise<string> {
    return brokenFile(await readFile(join(this.#stacks, `Pulumi.${exercise.prototype}.yaml`), "utf8"), exercise);
  }

  /** @throws VisibleError while Pulumi still knows the stack: without its file nobody could destroy it */
  async remove(exercise: Exercise): Promise<void> {
    const stack = stackOf(exercise);
    if (existsSync(join(this.#state, ".pulumi", "stacks", "learn", `${stack}.json`))) {
      throw new VisibleError(
        `stack ${stack} has been brought up: first \`npm run destroy -- ${stack}\` and \`pulumi stack rm ${stack} --preserve-config\`, then --reset`,
      );
    }
    await rm(this.file(exercise), { force: true });
  }
}
