import { Command } from "commander";
import { kubectlOf } from "../live/kubectl.ts";
import { readStack } from "../live/stack.ts";
import { readStackOutputs } from "../live/stack-outputs.ts";
import { text } from "../manifests/fields.ts";
import { parseArguments } from "../terminal/arguments.ts";
import pc from "../terminal/colours.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import { resultsText } from "./report.ts";
import { verify } from "./verify.ts";

/** `npm run verify -- learn-05`: every promise of a stack that is up. 0 when all are kept. */
export async function verifyCommand(args: readonly string[]): Promise<number> {
  const program = new Command("verify")
    .description("Makes every promised request on a stack that is up, and looks at everything else that it promises")
    .argument("[stack]", "the name of a stack that is up")
    .option("--wait <seconds>", "how long to wait for what is still coming", "60")
    .option("--json", "print JSON");
  const parsed = parseArguments(program, args);
  if (parsed === undefined) return 0;
  const { wait, json } = program.opts<{ wait: string; json?: true }>();
  const seconds = Number(wait);
  if (!Number.isFinite(seconds) || seconds < 0)
    throw new VisibleError(`--wait: expected a number of seconds, got ${wait}`);
  const { stack, prototype, context, kubeconfig } = await readStack(parsed[0], "verify");
  const outputs = await readStackOutputs(stack, { secrets: prototype.platform.vault !== undefined });
  const results = await verify({
    prototype,
    outputs,
    kubectl: kubectlOf(text(outputs.kubeContext) ?? context, kubeconfig),
    wait: seconds,
    report: (line) => process.stderr.write(`${pc.dim(line)}\n`),
  });
  process.stdout.write(json ? `${JSON.stringify(results, undefined, 2)}\n` : `${resultsText(stack, results)}\n`);
  return results.every(({ ok }) => ok) ? 0 : 1;
}
