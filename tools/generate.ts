import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { readProject } from "../lab/rehearsal/engine/project.ts";
import { rehearse, stackNames } from "../lab/rehearsal/rehearse.ts";
import { stackPictures } from "./stack-pictures.ts";
import { stackFileSchemaText } from "./stack-schema.ts";

/** Everything in the repository that is made from code; `npm test` fails when one of them is not current. */
function write(path: string, text: string): void {
  writeFileSync(new URL(`../${path}`, import.meta.url), text);
  process.stdout.write(`wrote ${path}\n`);
}

write("stacks/schema.json", stackFileSchemaText());

const pictures = new URL("../docs/pictures/", import.meta.url);
mkdirSync(pictures, { recursive: true });
const stacks = (await stackNames(await readProject())).filter((stack) => stack.startsWith("learn-"));
for (const old of readdirSync(pictures)) if (/\.(svg|mmd)$/.test(old)) rmSync(new URL(old, pictures));
for (const stack of stacks) {
  const rehearsed = await rehearse(stack, { run: "here" });
  for (const [name, text] of Object.entries(stackPictures(rehearsed))) write(`docs/pictures/${name}`, text);
}
// Programs that ran in this process may have left handles open.
process.exit(0);
