import pc from "../../../lab/terminal/colours.ts";

const clock = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/** Runs `work` and tells on stderr what runs and for how long: one moving line on a terminal, a line every 30 s elsewhere. */
export async function withProgress<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const moving = process.stderr.isTTY === true;
  const tell = () =>
    process.stderr.write(`${moving ? "\r\u001b[K" : ""}${what} … ${clock(Date.now() - start)}${moving ? "" : "\n"}`);
  tell();
  const timer = setInterval(tell, moving ? 1000 : 30_000);
  try {
    const result = await work();
    process.stderr.write(`${moving ? "\r\u001b[K" : ""}${what}: ${pc.green(clock(Date.now() - start))}\n`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
