import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { readProject } from "../lab/rehearsal/engine/project.ts";
import { type Rehearsed, rehearse, stackNames } from "../lab/rehearsal/rehearse.ts";
import { currentPage, pagePaths, readPage } from "./docs/pages.ts";
import { evolutionPictures } from "./evolution-pictures.ts";
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
const rehearsals = new Map<string, Promise<Rehearsed>>();
function rehearsed(stack: string): Promise<Rehearsed> {
  const running = rehearsals.get(stack) ?? rehearse(stack, { run: "here" });
  rehearsals.set(stack, running);
  return running;
}
for (const stack of stacks) {
  for (const [name, text] of Object.entries(stackPictures(await rehearsed(stack))))
    write(`docs/pictures/${name}`, text);
}

for (const [name, text] of Object.entries(await evolutionPictures(rehearsed))) write(`docs/pictures/${name}`, text);

for (const path of pagePaths()) {
  const page = readPage(path);
  const current = await currentPage(page, rehearsed);
  if (current !== page) write(path, current);
}
// Programs that ran in this process may have left handles open.
process.exit(0);
