import { timeText } from "../../../components/commands/wait-notes.ts";
import pc from "../../../lab/terminal/colours.ts";

/** Runs `work` and tells on stderr what runs and for how long: one moving line on a terminal, a line every 30 s elsewhere. */
export async function withProgress<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const moving = process.stderr.isTTY === true;
  const tell = () =>
    process.stderr.write(`${moving ? "\r\u001b[K" : ""}${what} … ${timeText(Date.now() - start)}${moving ? "" : "\n"}`);
  tell();
  const timer = setInterval(tell, moving ? 1000 : 30_000);
  try {
    const result = await work();
    process.stderr.write(`${moving ? "\r\u001b[K" : ""}${what}: ${pc.green(timeText(Date.now() - start))}\n`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
