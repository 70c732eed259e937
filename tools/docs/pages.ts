import { readdirSync, readFileSync } from "node:fs";
import type { Rehearsed } from "../../lab/rehearsal/rehearse.ts";
import { differencesText } from "./differences-page.ts";
import { exercisesTable } from "./exercises-table.ts";
import { languagePage } from "./language-page.ts";
import { fillMarked, markedNames } from "./marked.ts";
import { ruleMessages, rulesTable } from "./rules-page.ts";
import { checkSnippet, compareSnippet, planSnippet, rehearsalSnippet } from "./snippets.ts";
import { promisesTable, readStory, type StackStory, storiesTable } from "./stack-story.ts";
import { tellersTable, verdictsTable } from "./verdicts-page.ts";
import { gatewayApiReleases, imagesTable, refusalsTable, versionsTable } from "./versions-page.ts";

const root = new URL("../../", import.meta.url);

/** Every page of the documentation, by its path from the project's root. */
export function pagePaths(): string[] {
  const docs = readdirSync(new URL("docs/", root), { recursive: true, encoding: "utf8" })
    .map((path) => `docs/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".md"))
    .sort();
  return ["README.md", "CONTRIBUTING.md", ...docs];
}

export function readPage(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

/**
 * A page with its generated blocks made anew. A block's name is what makes it, and what of, parted by colons:
 * `versions`, `promises:learn-01`, `compare:learn-01:learn-05:mango`.
 * @throws Error for a block that nobody makes
 */
export async function currentPage(page: string, rehearsed: (stack: string) => Promise<Rehearsed>): Promise<string> {
  const made = new Map<string, string | undefined>();
  for (const name of markedNames(page)) made.set(name, await makeBlock(name, rehearsed));
  return fillMarked(page, (name) => made.get(name));
}

async function makeBlock(block: string, rehearsed: (stack: string) => Promise<Rehearsed>): Promise<string | undefined> {
  const [name, a = "", b = "", c = ""] = block.split(":");
  switch (name) {
    case "prototypes":
      return storiesTable(stories(), "docs/prototypes/");
    case "promises":
      return promisesTable(story(a));
    case "comment":
      return `> ${story(a).comment}`;
    case "versions":
      return versionsTable();
    case "images":
      return imagesTable();
    case "gateway-api-releases":
      return gatewayApiReleases();
    case "refusals":
      return refusalsTable();
    case "exercises":
      return exercisesTable();
    case "language":
      return languagePage();
    case "rules":
      return rulesTable();
    case "rule-messages":
      return ruleMessages();
    case "gateway-differences":
      return differencesText();
    case "verdict-tellers":
      return tellersTable(rehearsed);
    case "verdicts":
      return verdictsTable(rehearsed);
    case "plan":
      return planSnippet(await rehearsed(a));
    case "rehearsal":
      return rehearsalSnippet(await rehearsed(a));
    case "compare":
      return compareSnippet(await rehearsed(a), await rehearsed(b), c);
    case "check":
      return checkSnippet(a);
  }
  return undefined;
}

function story(stack: string): StackStory {
  return readStory(stack, new URL(`stacks/Pulumi.${stack}.yaml`, root));
}

function stories(): StackStory[] {
  return readdirSync(new URL("stacks/", root))
    .map((file) => /^Pulumi\.(learn-.+)\.yaml$/.exec(file)?.[1])
    .filter((stack) => stack !== undefined)
    .sort()
    .map(story);
}
