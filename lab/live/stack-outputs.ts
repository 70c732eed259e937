import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { findPulumi } from "../../tools/stack/pulumi.ts";
import { type Fields, fields, isFields } from "../manifests/fields.ts";
import { VisibleError } from "../terminal/visible-error.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The outputs of a stack that is up, as Pulumi keeps them; secrets only when asked for.
 * @throws VisibleError when the CLI is missing or the stack is not up
 */
export async function readStackOutputs(stack: string, { secrets = false } = {}): Promise<Fields> {
  const { requiredPulumiVersion } = parse(await readFile(`${project}/Pulumi.yaml`, "utf8"));
  const pulumi = await findPulumi(project, String(requiredPulumiVersion));
  const args = ["stack", "output", "--json", "--stack", stack, ...(secrets ? ["--show-secrets"] : [])];
  const { code, stdout, stderr } = await pulumi.ask(...args);
  if (code !== 0) {
    const reason = /no stack named/.test(stderr) ? "it has never been brought up here" : stderr.trim();
    throw new VisibleError(`stack ${stack} has no outputs: ${reason}. Bring it up with \`npm run up -- ${stack}\`.`);
  }
  const outputs: unknown = JSON.parse(stdout);
  if (!isFields(outputs) || fields(outputs).endpoints === undefined) {
    throw new VisibleError(
      `stack ${stack} is not up: Pulumi has no endpoints of it. Bring it up with \`npm run up -- ${stack}\`.`,
    );
  }
  return outputs;
}
