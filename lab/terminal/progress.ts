import pc from "./colours.ts";

/** How long a step may take before it is told. */
const SILENT_MILLISECONDS = 500;

/** Runs a step; when it takes longer than half a second, says on stderr what is being done, and then how long it took. */
export async function withProgress<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  let told = false;
  const timer = setTimeout(() => {
    told = true;
    process.stderr.write(`${pc.dim(`${what} …`)}\n`);
  }, SILENT_MILLISECONDS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (told) process.stderr.write(`${pc.dim(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`)}\n`);
  }
}
