import { Command } from "commander";
import { kubectlOf } from "../live/kubectl.ts";
import { readStack } from "../live/stack.ts";
import { knownOf } from "../stack/known.ts";
import { parseArguments } from "../terminal/arguments.ts";
import pc from "../terminal/colours.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import type { Examination } from "./diagnosis.ts";
import { examine } from "./doctor.ts";
import { examinationText } from "./report.ts";

/** `npm run doctor -- learn-05`: the first broken wire of every path on a live cluster. 1 when there is one. */
export async function doctorCommand(args: readonly string[]): Promise<number> {
  const program = new Command("doctor")
    .description("Walks every path on a live cluster from the outside in and names the first broken wire of each")
    .argument("[stack]", "a stack of this project; or any cluster with --context")
    .option("--context <name>", "a kubeconfig context, for clusters that are not ours")
    .option("--kubeconfig <file>", "another kubeconfig than kubectl's own")
    .option("--json", "print JSON");
  const parsed = parseArguments(program, args);
  if (parsed === undefined) return 0;
  const [given] = parsed;
  const { context, kubeconfig, json } = program.opts<{ context?: string; kubeconfig?: string; json?: true }>();
  if (given !== undefined && context !== undefined) throw new VisibleError("either a stack or --context, not both");
  const report = (line: string) => process.stderr.write(`${pc.dim(line)}\n`);
  const examination =
    context === undefined
      ? await examineStack(given, kubeconfig, report)
      : await examine(kubectlOf(context, kubeconfig), report);
  process.stdout.write(json ? `${JSON.stringify(examination, undefined, 2)}\n` : `${examinationText(examination)}\n`);
  return examination.diagnoses.some(({ broken }) => broken !== undefined) ? 1 : 0;
}

async function examineStack(
  given: string | undefined,
  kubeconfig: string | undefined,
  report: (line: string) => void,
): Promise<Examination> {
  const { prototype, context, kubeconfig: own } = await readStack(given, "doctor");
  return examine(kubectlOf(context, kubeconfig ?? own), report, knownOf(prototype));
}
