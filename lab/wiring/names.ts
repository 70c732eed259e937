import { distance } from "fastest-levenshtein";

/** The candidate that a mistyped name most likely meant, or undefined when none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const far = distance(name, candidate);
    if (far < least) [best, least] = [candidate, far];
  }
  return best;
}

const MOST_LISTED = 10;

/** "a", "a and b", "a, b and c", and at most ten of them; `none` for nothing. */
export function listed(items: readonly (string | number)[], none = "none"): string {
  if (items.length === 0) return none;
  if (items.length === 1) return String(items[0]);
  if (items.length > MOST_LISTED) {
    return `${items.slice(0, MOST_LISTED).join(", ")} and ${items.length - MOST_LISTED} more`;
  }
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
