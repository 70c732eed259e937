import { join } from "node:path";
import { Command } from "commander";
import { mirrored } from "../components/stack/mirror-images.ts";
import { ConfigError, readPrototype } from "../config/read.ts";
import { imagesOf, resolveVersions } from "../config/versions.ts";
import { readProject } from "../lab/rehearsal/engine/project.ts";
import { readStackConfig } from "../lab/rehearsal/engine/stack-config.ts";
import { runMain } from "../lab/terminal/main.ts";
import { VisibleError } from "../lab/terminal/visible-error.ts";
import { stackNamed, stackNames } from "./stack/stack-files.ts";

/*
 * npm run --silent images -- <stack>...            every image the stacks pull, one a line, for pre-pulling:
 *                                                  … | xargs -n 1 docker pull
 * npm run --silent images -- learn-05 --to PREFIX  beside each, its name behind a mirror, for filling one:
 *                                                  … | while read from to; do skopeo copy --all docker://$from docker://$to; done
 */
await runMain(async () => {
  const program = new Command("images")
    .description("Prints every image that a stack pulls, one a line")
    .argument("[stacks...]", "names or files of stacks")
    .option("--all", "every stack of the project")
    .option("--to <prefix>", "print beside each image its name behind this registry prefix")
    .parse();
  const { all = false, to } = program.opts<{ all?: boolean; to?: string }>();
  const project = await readProject();
  const names = await stackNames(project.stackDirectory);
  const stacks = all ? names : program.args;
  if (stacks.length === 0) throw new VisibleError("name a stack, such as learn-05, or say --all");

  const found = new Set<string>();
  for (const given of stacks) {
    const stack = stackNamed(given, "images", names);
    const { values } = await readStackConfig(join(project.stackDirectory, `Pulumi.${stack}.yaml`), project);
    for (const image of imagesOfStack(stack, values)) found.add(image);
  }
  for (const image of [...found].sort())
    process.stdout.write(`${to === undefined ? image : `${image} ${mirrored(image, to)}`}\n`);
  return 0;
});

function imagesOfStack(stack: string, values: Readonly<Record<string, string>>): string[] {
  try {
    const prototype = readPrototype(stack, values);
    return imagesOf(prototype, resolveVersions(prototype.versions));
  } catch (error) {
    throw error instanceof ConfigError ? new VisibleError(error.message) : error;
  }
}
