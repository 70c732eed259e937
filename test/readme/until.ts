import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something is so, without a limit of its own: the test's is enough. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(50);
}
