import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { fields, text } from "../../../lab/manifests/fields.ts";
import type { Registration } from "../../../lab/rehearsal/engine/registration.ts";

const PROJECT = fileURLToPath(new URL("../../../", import.meta.url));

export interface StepRun {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StepOptions {
  /** added to the environment: where stand-ins are found */
  readonly env: Readonly<Record<string, string>>;
  /** what other resources really answered, in place of what the rehearsal's stand-ins did */
  readonly outputs?: ReadonlyMap<string, string>;
}

/** The commands that a program registers, those of one step (LEARN_STEP) or of all whose name begins with `step/`. */
export function stepsNamed(registrations: readonly Registration[], step: string): Registration[] {
  return registrations.filter((one) => {
    const name = stepName(one);
    return name !== undefined && (name === step || name.startsWith(`${step}/`));
  });
}

/** LEARN_STEP of a registered command. */
export function stepName(registration: Registration): string | undefined {
  if (registration.type !== "command:local:Command") return undefined;
  return text(fields(registration.inputs.environment).LEARN_STEP);
}

/**
 * Runs a registered command exactly as the command provider does: the text of its verb by /bin/sh -c in the project's
 * directory, its environment added to the provider's, its stdin written and closed.
 */
export async function runStep(
  registration: Registration,
  verb: "create" | "update" | "delete",
  { env, outputs = new Map() }: StepOptions,
): Promise<StepRun> {
  const { inputs } = registration;
  const command = text(inputs[verb]) ?? (verb === "update" ? text(inputs.create) : undefined);
  if (command === undefined) throw new Error(`${registration.name} registers nothing for ${verb}`);
  const environment = Object.entries(fields(inputs.environment)).map(([name, value]) => [name, text(value) ?? ""]);
  let stdin = text(inputs.stdin) ?? "";
  for (const [rehearsed, real] of outputs) stdin = stdin.replaceAll(rehearsed, real);
  const result = await execa("/bin/sh", ["-c", command], {
    cwd: PROJECT,
    env: { ...Object.fromEntries(environment), ...env },
    input: stdin,
    reject: false,
    // a process group of its own, which a stand-in can kill as a whole
    detached: true,
  });
  return {
    code: result.exitCode ?? null,
    signal: result.signal ?? null,
    stdout: result.stdout,
    stderr: result.stderr,
  };
}
