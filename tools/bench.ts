import { availableParallelism, loadavg } from "node:os";
import { Command } from "commander";
import { benchGateway } from "../lab/gateway/bench.ts";
import { tableText } from "../lab/rehearsal/report-text.ts";
import pc from "../lab/terminal/colours.ts";
import { runMain } from "../lab/terminal/main.ts";
import { benchGrowth, benchStacks } from "./bench/planning.ts";
import { benchCheck, benchRehearsal } from "./bench/rehearsing.ts";
import { atLeast, atMost, type Verdict } from "./bench/verdict.ts";

const program = new Command("bench")
  .description("Measures speed as ratios within one run on this machine; exit code 1 when a target is missed")
  .argument("[parts...]", "stacks, growth, rehearsal, check, gateway (default: all)")
  .option("--rounds <count>", "how often programs are run; the least cost counts", "3")
  .option("--json", "print JSON")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const tell = (line: string) => process.stderr.write(`${pc.dim(line)}\n`);

const PARTS: Readonly<Record<string, (rounds: number) => Promise<Verdict[]>>> = {
  stacks: (rounds) => benchStacks(rounds, tell),
  growth: (rounds) => benchGrowth(Math.min(rounds, 2), tell),
  rehearsal: (rounds) => benchRehearsal(rounds, tell),
  check: () => benchCheck(tell),
  gateway,
};

void runMain(async () => {
  const wanted = program.parse().args;
  const { rounds, json = false } = program.opts<{ rounds: string; json?: boolean }>();
  const names = wanted.length > 0 ? wanted : Object.keys(PARTS);
  const verdicts: Verdict[] = [];
  for (const name of names) {
    const part = PARTS[name];
    if (part === undefined) program.error(`no part ${name}: there are ${Object.keys(PARTS).join(", ")}`);
    else verdicts.push(...(await part(Math.max(1, Number(rounds) || 3))));
  }
  process.stdout.write(`${json ? JSON.stringify(verdicts, null, 2) : report(verdicts)}\n`);
  return verdicts.every(({ met }) => met) ? 0 : 1;
});

async function gateway(): Promise<Verdict[]> {
  const { manyToOne, toBare, startUp } = await benchGateway();
  return [
    atLeast("throughput with 1000 routes on 200 hosts ÷ with 1", manyToOne, 0.9),
    atLeast("throughput with 1000 routes ÷ of a bare proxy of the same library", toBare, 0.7),
    atMost("gateway start-up with 1000 routes ÷ with 100", (startUp[1000] ?? 0) / (startUp[100] ?? 1), 12),
  ];
}

function report(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ what, shown, target, met }) => [met ? pc.green("✓") : pc.red("✗"), what, shown, target]);
  const busy = (loadavg()[0] ?? 0) / availableParallelism();
  const remark =
    busy > 1.5
      ? pc.yellow(
          `\nThe machine was busy with other work (load ${busy.toFixed(1)} per core): run again when it is not.`,
        )
      : "";
  return `${tableText(["", "measured", "value", "target"], rows)}${remark}`;
}
