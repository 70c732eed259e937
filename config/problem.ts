/** One mistake in a stack file: where, and what is wrong there, in a sentence that also says what would be right. */
export interface Problem {
  /** Path below `learn:`, such as `["apps", "mango", "gateway"]`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** `learn:apps.mango.answers[0].get`: a path as people write it. */
export function pathText(path: readonly (string | number)[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return `learn:${text.replace(/^\./, "")}`;
}

export function problemText({ path, message }: Problem): string {
  return `${pathText(path)}: ${message}`;
}
