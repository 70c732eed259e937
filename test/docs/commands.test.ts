import assert from "node:assert/strict";
import { execa } from "execa";
import { commandsOf, flagsOf } from "../../tools/docs/commands.ts";
import { pagePaths, readPage } from "../../tools/docs/pages.ts";

const root = new URL("../../", import.meta.url);
const pages = [...pagePaths(), "test/real/README.md"];

/** Flags after these scripts are pulumi's: test/real/specs/pulumi.test.ts asks it. */
const PULUMI = new Set(["up", "preview", "destroy", "outputs"]);

/** An npm command taken apart: the flags before `--` are npm's own. */
interface NpmCommand {
  readonly script: string;
  readonly own: readonly string[];
  readonly flags: readonly string[];
}

function npmCommand(command: string): NpmCommand | undefined {
  const [before = "", ...after] = command.split(" -- ");
  const words = /^npm (?:run (.*)|(start|test)(.*))$/.exec(before);
  if (words === null) return undefined;
  const [, run = "", short = "", more = ""] = words;
  const script = short || (run.split(/\s+/).find((word) => !word.startsWith("-")) ?? "");
  return { script, own: flagsOf(`${run}${more}`), flags: flagsOf(after.join(" -- ")) };
}

const npmCommands = (page: string) => commandsOf(page).flatMap((command) => npmCommand(command) ?? []);

/** What is wrong with the commands of a page. */
function wrongFlags(page: string, known: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return npmCommands(page).flatMap(({ script, own, flags }) => [
    ...own
      .filter((flag) => flag !== "--silent")
      .map((flag) => `${script}: npm has no ${flag}; a -- is missing before it`),
    ...flags
      .filter((flag) => !PULUMI.has(script) && !known.get(script)?.has(flag))
      .map((flag) => `${script} has no ${flag}`),
  ]);
}

describe("flags of the documentation's commands", function () {
  this.timeout(60_000);
  const known = new Map<string, Set<string>>();
  before(async () => {
    const used = new Set(
      pages
        .flatMap((path) => npmCommands(readPage(path)).filter(({ flags }) => flags.length > 0))
        .map(({ script }) => script),
    );
    for (const script of used) {
      if (PULUMI.has(script)) continue;
      const { stdout } = await execa("npm", ["run", "--silent", script, "--", "--help"], { cwd: root, reject: false });
      known.set(script, new Set(stdout.match(/(?<=\s)--?[a-z][\w-]*/g)));
    }
  });

  for (const path of pages)
    it(`are known to the command, in ${path}`, () => {
      assert.deepEqual(wrongFlags(readPage(path), known), []);
    });

  it("are found wrong when the command has no such flag, or npm would take it", () => {
    const page =
      "`npm start -- learn-05 --serf`\n```sh\nnpm start --serve # a comment\n```\n`npm run up -- a --anything`\n";
    assert.deepEqual(wrongFlags(page, known), [
      "start: npm has no --serve; a -- is missing before it",
      "start has no --serf",
    ]);
  });
});
