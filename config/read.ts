import { explainIssue } from "./explain-issue.ts";
import { Gaps } from "./gaps.ts";
import { type Problem, problemText } from "./problem.ts";
import { choiceProblems } from "./rules/exactly-one.ts";
import { crossFieldProblems } from "./rules/index.ts";
import { salvage } from "./salvage.ts";
import { type Prototype, prototypeSchema } from "./schema.ts";

const UNCHECKED = "What depends on these parts is checked once they are mended.";

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
 * @throws {ConfigError} naming all mistakes at once, each with its path, what was found and what is allowed: of single
 * words, of choices, and between what could be read
 */
export function readPrototype(stack: string, allConfig: Readonly<Record<string, string>>): Prototype {
  return parsePrototype(stack, ownKeys(allConfig));
}

/** As {@link readPrototype}, from values already parsed (`{ apps: {…} }`). */
export function parsePrototype(stack: string, values: Readonly<Record<string, unknown>>): Prototype {
  const result = prototypeSchema.safeParse(values);
  const problems = result.success
    ? []
    : result.error.issues.flatMap((issue) => explainIssue(issue, prototypeSchema, values));
  const salvaged = result.success ? { config: result.data, gaps: new Gaps() } : salvage(prototypeSchema, values);
  if (salvaged === undefined) throw new ConfigError(stack, problems, UNCHECKED);

  const { gaps } = salvaged;
  const choices = choiceProblems(salvaged.config);
  for (const { path, keys } of choices) for (const key of keys) gaps.add([...path, key]);
  const config = result.success && choices.length > 0 ? gaps.guard(result.data, values) : salvaged.config;
  problems.push(...choices, ...crossFieldProblems(config));
  if (!result.success || problems.length > 0) throw new ConfigError(stack, problems, gaps.met ? UNCHECKED : undefined);
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
