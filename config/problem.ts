/** A path below `learn:`, such as `["apps", "mango", "answers", 0]`. */
export type Path = readonly (string | number)[];

/** One mistake in a stack file: where, and what is wrong there, in a sentence that also says what would be right. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** `learn:apps.mango.answers[0].get`: a path as people write it. */
export function pathText(path: Path): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return `learn:${text.replace(/^\./, "")}`;
}

export function problemText({ path, message }: Problem): string {
  return `${pathText(path)}: ${message}`;
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((current, part) => {
    if (typeof current !== "object" || current === null) return undefined;
    return Reflect.get(current, part);
  }, value);
}
