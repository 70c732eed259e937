/** Commands that a Markdown page shows its reader. */

const PROGRAMS = ["npm", "npx", "node", "curl", "cp", "export", "pulumi", "kubectl", "minikube", "git", "docker"];
const COMMAND = new RegExp(`^(${PROGRAMS.join("|")}) \\S`);

/** Lines of the page's `sh` blocks, in their order, without comments. */
export function shellLines(page: string): string[] {
  return shellBlocks(page).flatMap((block) =>
    block
      .split("\n")
      .map((line) => line.replace(/(^|\s+)#\s.*$/, "").trim())
      .filter((line) => line !== ""),
  );
}

/** Every command of a page, once: lines of its `sh` blocks, and code within its text, tables and lists. */
export function commandsOf(page: string): string[] {
  const spans = [...page.replaceAll(FENCE, "").matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
  return [...new Set([...shellLines(page), ...spans.filter((span) => COMMAND.test(span))])];
}

/** Options of a command line: "--wait" of `--wait 5` and `--wait=5`. */
export function flagsOf(command: string): string[] {
  return command.split(/\s+/).flatMap((word) => /^(--?[a-z][\w-]*)/.exec(word)?.[1] ?? []);
}

const FENCE = /^( *)```[^\n]*\n[\s\S]*?^\1```$/gm;

function shellBlocks(page: string): string[] {
  return [...page.matchAll(/^( *)```sh\n([\s\S]*?)^\1```$/gm)].map(([, , block = ""]) => block);
}
