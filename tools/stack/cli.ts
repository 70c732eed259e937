import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { runMain } from "../../lab/terminal/main.ts";
import { VisibleError } from "../../lab/terminal/visible-error.ts";
import { leftovers } from "./leftovers.ts";
import { findPulumi, type Pulumi } from "./pulumi.ts";
import { stackNamed, stackNames } from "./stack-files.ts";

/*
 * npm run up|preview|destroy|outputs -- <stack> [flags of that pulumi command]
 *
 * What `pulumi up --stack <stack>` does, on a fresh clone too: the stack is selected or made first, the passphrase is the
 * empty one unless another is set, and the state lies in .state/ whatever directory this is called from.
 */
const project = fileURLToPath(new URL("../../", import.meta.url));

const verbs = {
  up: (pulumi, stack, flags) => onSelected(pulumi, stack, true, () => pulumi.run("up", "--stack", stack, ...flags)),
  preview: (pulumi, stack, flags) =>
    onSelected(pulumi, stack, true, () => pulumi.run("preview", "--stack", stack, ...flags)),
  destroy: async (pulumi, stack, flags) => {
    const code = await onSelected(pulumi, stack, false, () => pulumi.run("destroy", "--stack", stack, ...flags));
    if (code === 0) tellLeftovers(stack);
    return code;
  },
  outputs: (pulumi, stack, flags) =>
    onSelected(pulumi, stack, false, () => pulumi.run("stack", "output", "--stack", stack, ...flags)),
} satisfies Record<string, (pulumi: Pulumi, stack: string, flags: readonly string[]) => Promise<number>>;

await runMain(async () => {
  const [verb = "", given, ...flags] = process.argv.slice(2);
  if (!isVerb(verb)) throw new VisibleError(`expected one of ${Object.keys(verbs).join(", ")}, got "${verb}"`);
  const stack = stackNamed(given, verb, await stackNames(join(project, "stacks")));
  const { requiredPulumiVersion } = parse(await readFile(join(project, "Pulumi.yaml"), "utf8"));
  return verbs[verb](await findPulumi(project, String(requiredPulumiVersion)), stack, flags);
});

function isVerb(verb: string): verb is keyof typeof verbs {
  return Object.hasOwn(verbs, verb);
}

/** A stack is made by the commands that put something into it; the others have nothing to do without one. */
async function onSelected(pulumi: Pulumi, stack: string, create: boolean, run: () => Promise<number>): Promise<number> {
  const { code, stderr } = await pulumi.ask("stack", "select", ...(create ? ["--create"] : []), stack);
  if (code === 0) return run();
  if (/no stack named/.test(stderr)) {
    process.stderr.write(`Stack ${stack} has never been brought up here: nothing to do.\n`);
    return 0;
  }
  throw new VisibleError(`pulumi cannot select stack ${stack}: ${stderr.replace(/^error:\s*/, "").trim()}`, 1);
}

function tellLeftovers(stack: string): void {
  for (const profile of leftovers(stack))
    process.stderr.write(
      `minikube profile ${profile} was made for stack ${stack} and is still there, unknown to Pulumi: minikube delete -p ${profile}\n`,
    );
}
