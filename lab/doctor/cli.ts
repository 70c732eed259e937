import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import pc from "picocolors";
import { readPrototype } from "../../config/read.ts";
import { stackNamed, stackNames } from "../../tools/stack/stack-files.ts";
import { kubectlOf } from "../live/kubectl.ts";
import { readProject } from "../rehearsal/engine/project.ts";
import { readStackConfig } from "../rehearsal/engine/stack-config.ts";
import { knownOf } from "../stack/known.ts";
import { runMain } from "../terminal/main.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import { examine } from "./doctor.ts";
import { examinationText } from "./report.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

const program = new Command("doctor")
  .description("Walks every path on a live cluster from the outside in and names the first broken wire of each")
  .argument("[stack]", "a stack of this project; or any cluster with --context")
  .option("--context <name>", "a kubeconfig context, for clusters that are not ours")
  .option("--kubeconfig <file>", "another kubeconfig than kubectl's own")
  .option("--json", "print JSON")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

void runMain(async () => {
  const [given] = program.parse().args;
  const { context, kubeconfig, json } = program.opts<{ context?: string; kubeconfig?: string; json?: true }>();
  if (given !== undefined && context !== undefined) throw new VisibleError("either a stack or --context, not both");
  const report = (line: string) => process.stderr.write(`${pc.dim(line)}\n`);
  const examination =
    context === undefined ? await examineStack(given, report) : await examine(kubectlOf(context, kubeconfig), report);
  process.stdout.write(json ? `${JSON.stringify(examination, undefined, 2)}\n` : `${examinationText(examination)}\n`);
  return examination.diagnoses.some(({ broken }) => broken !== undefined) ? 1 : 0;
});

async function examineStack(given: string | undefined, report: (line: string) => void) {
  const stack = stackNamed(given, "doctor", await stackNames(join(project, "stacks")));
  const config = await readStackConfig(join(project, "stacks", `Pulumi.${stack}.yaml`), await readProject(project));
  const prototype = readPrototype(stack, config.values);
  const { context, kubeconfig, minikube } = prototype.cluster;
  return examine(kubectlOf(context ?? minikube?.profile ?? stack, kubeconfig), report, knownOf(prototype));
}
