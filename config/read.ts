import { explainIssue } from "./explain-issue.ts";
import { type Problem, problemText } from "./problem.ts";
import { exactlyOneProblems } from "./rules/exactly-one.ts";
import { crossFieldProblems } from "./rules/index.ts";
import { type Prototype, prototypeSchema } from "./schema.ts";

const UNCHECKED = "Whether the names, hosts and installed parts agree is checked once that is mended.";

/** The mistakes of a stack file; the message is meant for the person who wrote the file. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  /** @param note what the list leaves open */
  constructor(stack: string, problems: readonly Problem[], note?: string) {
    const count = problems.length === 1 ? "1 mistake" : `${problems.length} mistakes`;
    const lines = problems.map((problem) => `  ${problemText(problem)}`);
    super([`stacks/Pulumi.${stack}.yaml has ${count}:`, ...lines, ...(note === undefined ? [] : [note])].join("\n"));
    this.problems = problems;
  }
}

/**
 * A stack's configuration as Pulumi hands it over (`learn:apps` → JSON text) to a validated prototype, defaults filled in.
 *
 * @throws {ConfigError} naming each mistake with its path, what was found and what is allowed: first those of single
 * words, all at once; where there are none, those between words, all at once. An unreadable part would be missing for
 * every rule that asks for it, and most of what they then say would be wrong.
 */
export function readPrototype(stack: string, allConfig: Readonly<Record<string, string>>): Prototype {
  return parsePrototype(stack, ownKeys(allConfig));
}

/** As {@link readPrototype}, from values already parsed (`{ apps: {…} }`). */
export function parsePrototype(stack: string, values: Readonly<Record<string, unknown>>): Prototype {
  const result = prototypeSchema.safeParse(values);
  if (!result.success) {
    throw new ConfigError(
      stack,
      result.error.issues.flatMap((issue) => explainIssue(issue, prototypeSchema, values)),
      UNCHECKED,
    );
  }
  const choices = exactlyOneProblems(result.data);
  if (choices.length > 0) throw new ConfigError(stack, choices, UNCHECKED);
  const problems = crossFieldProblems(result.data);
  if (problems.length > 0) throw new ConfigError(stack, problems);
  return result.data;
}

function ownKeys(allConfig: Readonly<Record<string, string>>): Record<string, unknown> {
  const own = Object.entries(allConfig).filter(([key]) => key.startsWith("learn:"));
  return Object.fromEntries(own.map(([key, text]) => [key.slice("learn:".length), fromJson(text)]));
}

/** Pulumi hands over maps and lists as JSON and scalars as plain text. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
