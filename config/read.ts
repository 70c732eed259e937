import { explainIssue } from "./explain-issue.ts";
import { type Problem, problemText } from "./problem.ts";
import { crossFieldProblems } from "./rules/index.ts";
import { type Prototype, prototypeSchema } from "./schema.ts";

/** Every mistake of a stack file at once; the message is meant for the person who wrote the file. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(stack: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "1 mistake" : `${problems.length} mistakes`;
    super([`stacks/Pulumi.${stack}.yaml has ${count}:`, ...problems.map((p) => `  ${problemText(p)}`)].join("\n"));
    this.problems = problems;
  }
}

/**
 * A stack's configuration as Pulumi hands it over (`learn:apps` → JSON text) to a validated prototype, defaults filled in.
 *
 * @throws {ConfigError} naming every mistake with its path, what was found and what is allowed.
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
    );
  }
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
