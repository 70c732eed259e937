import { setTimeout as sleep } from "node:timers/promises";

/** Rests between two looks, as long as the last one took and at least 100 ms: several labs share a machine. */
export function restSince(looked: number): Promise<void> {
  return sleep(Math.max(100, Date.now() - looked));
}

/**
 * Asks again and again until `check` gives something other than null, undefined or false.
 * Throws "gave up after N s waiting for WHAT: LAST REASON", the reason being the last error that `check` threw.
 */
export async function eventually<T>(
  what: string,
  seconds: number,
  check: () => Promise<T | null | undefined | false> | T | null | undefined | false,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let reason = "";
  for (;;) {
    const asked = Date.now();
    try {
      const result = await check();
      if (result !== null && result !== undefined && result !== false) return result;
      reason = "";
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() >= end) throw new Error(`gave up after ${seconds} s waiting for ${what}${reason && `: ${reason}`}`);
    await restSince(asked);
  }
}
