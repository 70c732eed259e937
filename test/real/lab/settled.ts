import { restSince } from "./wait.ts";

export interface Patience {
  /** how long nothing may change, in ms */
  readonly quiet: number;
  /** after which what is seen then counts, in ms */
  readonly limit: number;
}

/**
 * Looks again and again until what is seen stays the same for a while and, where it is known what to expect, is that.
 * Controllers and proxies follow the objects by a moment; what they never come to is seen as it is at the limit.
 */
export async function settled<T>(look: () => Promise<T>, { quiet, limit }: Patience, expected?: T): Promise<T> {
  const start = Date.now();
  const wanted = expected === undefined ? undefined : JSON.stringify(expected);
  let last = "";
  let since = start;
  for (;;) {
    const asked = Date.now();
    const seen = await look();
    const text = JSON.stringify(seen);
    const now = Date.now();
    if (text !== last) {
      last = text;
      since = now;
    }
    const awaited = wanted === undefined || wanted === text;
    if ((awaited && now - since >= quiet) || now - start >= limit) return seen;
    await restSince(asked);
  }
}
