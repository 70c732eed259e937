/**
 * The other end of {@link nodeStep}: what a step's script needs to be a good command. Nothing of Pulumi is loaded here,
 * so that a step starts fast.
 */

/** A failure of a step, told in one message; the script exits with 1 and prints no stack trace. */
export class StepFailure extends Error {
  override readonly name = "StepFailure";
}

/** Progress, one line; shown by Pulumi below the command's name. */
export type Report = (line: string) => void;
export const report: Report = (line) => {
  process.stderr.write(`${line}\n`);
};

/** The parameters of the step. @throws StepFailure outside of the program. */
export function stepParameters(env: NodeJS.ProcessEnv = process.env): unknown {
  const text = env.LEARN_PARAMETERS;
  if (text === undefined)
    throw new StepFailure("this script is a step of the Pulumi program: run `npm run up -- <stack>` instead");
  return JSON.parse(text);
}

/** Everything on standard input: the step's secrets. */
export async function readSecrets(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** Runs the verb named on the command line; its result becomes the one JSON document on stdout. */
export async function runStep(verbs: Readonly<Record<string, () => Promise<unknown>>>): Promise<void> {
  const verb = process.argv[2] ?? "";
  try {
    const run = verbs[verb];
    if (run === undefined)
      throw new StepFailure(`unknown verb "${verb}"; this step knows ${Object.keys(verbs).join(", ")}`);
    process.stdout.write(`${JSON.stringify((await run()) ?? {})}\n`);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
