import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import pc from "picocolors";
import { readPrototype } from "../../config/read.ts";
import { stackNamed, stackNames } from "../../tools/stack/stack-files.ts";
import { kubectlOf } from "../live/kubectl.ts";
import { readStackOutputs } from "../live/stack-outputs.ts";
import { text } from "../manifests/fields.ts";
import { readProject } from "../rehearsal/engine/project.ts";
import { readStackConfig } from "../rehearsal/engine/stack-config.ts";
import { runMain } from "../terminal/main.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import { resultsText } from "./report.ts";
import { verify } from "./verify.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

const program = new Command("verify")
  .description("Makes every promised request on a stack that is up, and looks at everything else that it promises")
  .argument("<stack>", "the name of a stack that is up")
  .option("--wait <seconds>", "how long to wait for what is still coming", "60")
  .option("--json", "print JSON")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

void runMain(async () => {
  const [given] = program.parse().args;
  const { wait, json } = program.opts<{ wait: string; json?: true }>();
  const seconds = Number(wait);
  if (!Number.isFinite(seconds) || seconds < 0)
    throw new VisibleError(`--wait: expected a number of seconds, got ${wait}`);
  const stack = stackNamed(given, "verify", await stackNames(join(project, "stacks")));
  const config = await readStackConfig(join(project, "stacks", `Pulumi.${stack}.yaml`), await readProject(project));
  const prototype = readPrototype(stack, config.values);
  const outputs = await readStackOutputs(stack, { secrets: prototype.platform.vault !== undefined });
  const context = text(outputs.kubeContext) ?? stack;
  const results = await verify({
    prototype,
    outputs,
    kubectl: kubectlOf(context, prototype.cluster.kubeconfig),
    wait: seconds,
    report: (line) => process.stderr.write(`${pc.dim(line)}\n`),
  });
  process.stdout.write(json ? `${JSON.stringify(results, undefined, 2)}\n` : `${resultsText(stack, results)}\n`);
  return results.every(({ ok }) => ok) ? 0 : 1;
});
