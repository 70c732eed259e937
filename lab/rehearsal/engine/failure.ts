import type { Engine } from "./engine.ts";
import type { Project } from "./project.ts";
import type { LogLine } from "./registration.ts";
import { FAILURE_LOGGED, type ProgramEnd } from "./run-program.ts";
import { describeUrn } from "./urn.ts";

/**
 * Why a program failed, in one message; undefined when it did not. A program may end with code 0 and still have failed
 * in the engine's eyes (a duplicate name, a resource that could not be made).
 */
export function failureMessage(end: ProgramEnd, engine: Engine, project: Project): string | undefined {
  const errors = engine.log.filter(({ severity }) => severity === "error");
  if (end.exitCode === 0 && errors.length === 0) return undefined;
  const reasons = distinctReasons(errors);
  if (reasons.length === 0) reasons.push(...unloggedReason(end));
  const head = `the program of stack ${engine.settings.stack} failed`;
  return [head, ...reasons.map((reason) => indent(reason.replaceAll(`${project.directory}/`, "")))].join("\n");
}

/** Each reason once: a failed resource is told by the engine, then again by everything that waited for it. */
function distinctReasons(errors: readonly LogLine[]): string[] {
  const reasons = new Map<string, string>();
  for (const { message, urn } of errors) {
    const plain = essence(message);
    const known = [...reasons.keys()].some((other) => other.includes(plain) || plain.includes(other));
    if (!known && plain !== "")
      reasons.set(plain, urn !== "" && !plain.includes(urn) ? `${describeUrn(urn)}: ${plain}` : plain);
  }
  return [...reasons.values()];
}

/** The message without stack frames and the frame that Pulumi's runtime puts around it. */
function essence(message: string): string {
  const lines = message
    .replace(/^Running program '[^']*' failed with an unhandled exception:\s*/, "")
    .split("\n")
    .filter((line) => !/^\s+at |^\s*$/.test(line))
    .map((line) => line.replace(/^(?:Uncaught )?(?:<ref \*\d+> )?(?:\w*Error: )+/, ""));
  // Properties that Node's inspect prints after an error's stack.
  const end = lines.findIndex((line) => /^\s*(?:\{|\[cause\]|code:|details:)/.test(line));
  return (end > 0 ? lines.slice(0, end) : lines)
    .join("\n")
    .replace(/\s*\{\s*$/, "")
    .trim();
}

function unloggedReason({ exitCode, stdout, stderr }: ProgramEnd): string[] {
  const said = essence(stderr) || essence(stdout);
  const code = exitCode === FAILURE_LOGGED ? "" : `it ended with code ${exitCode}`;
  return [said, code].filter((part) => part !== "");
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
