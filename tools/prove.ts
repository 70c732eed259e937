import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

/** One command of the proof. Its tests are counted from its last lines; a command without tests counts as one. */
interface Part {
  readonly name: string;
  readonly script: string;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const parts: readonly Part[] = [
  { name: "types", script: "types" },
  { name: "lint", script: "lint" },
  { name: "unit and rehearsal tests", script: "unit" },
  { name: "the README's commands", script: "test:readme" },
  { name: "the page in a browser", script: "test:browser" },
  { name: "real parts", script: "test:real" },
];

/** Runs `npm run <script>`, shows what it says as it comes, and returns its exit code and the end of its output. */
function run({ script }: Part): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn("npm", ["run", "--silent", script], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      process.stdout.write(chunk);
      output = (output + chunk.toString()).slice(-200_000);
    });
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Mocha's summary, or the line "N passed, N failed, N skipped"; a failure that no test counts is one of its own. */
function countsOf(code: number, output: string): Counts {
  const line = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/m;
  const own = output.match(new RegExp(line, "gm"))?.at(-1)?.match(line);
  const mocha = (word: string) => Number(new RegExp(`^\\s*(\\d+) ${word}`, "m").exec(output)?.[1] ?? 0);
  const counts = own
    ? { passed: Number(own[1]), failed: Number(own[2]), skipped: Number(own[3] ?? 0) }
    : { passed: mocha("passing"), failed: mocha("failing"), skipped: mocha("pending") };
  const tests = counts.passed + counts.failed + counts.skipped;
  if (code !== 0 && counts.failed === 0) return { ...counts, failed: 1 };
  return tests === 0 ? { passed: 1, failed: 0, skipped: 0 } : counts;
}

const total = { passed: 0, failed: 0, skipped: 0 };
const summary: string[] = [];
for (const part of parts) {
  const { name, script } = part;
  process.stdout.write(`\n── ${name}: npm run ${script}\n`);
  const start = Date.now();
  const { code, output } = await run(part);
  const { passed, failed, skipped } = countsOf(code, stripVTControlCharacters(output));
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const seconds = Math.round((Date.now() - start) / 1000);
  summary.push(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`);
}
process.stdout.write(
  `\n${summary.join("\n")}\n\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`,
);
process.exitCode = total.failed > 0 ? 1 : 0;
