import { exercises } from "../../lab/exercise/catalogue/catalogue.ts";
import { code, table } from "./markdown.ts";

/** Every exercise with where it comes from and what it is about. */
export function exercisesTable(): string {
  return table(
    ["exercise", "prototype", "about"],
    exercises.map(({ name, prototype, concept }) => [code(name), code(prototype), concept]),
  );
}
