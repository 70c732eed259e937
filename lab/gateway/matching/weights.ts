/** A source of numbers in [0, 1), so that tests can decide. */
export type Random = () => number;

/**
 * Chooses among backends by weight; undefined when there is nothing to choose: no entry, or only weights of 0
 * (BackendRef.weight: "If weight is set to 0, no traffic should be forwarded for this entry").
 */
export function chooseByWeight<T extends { readonly weight: number }>(
  entries: readonly T[],
  random: Random,
): T | undefined {
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) return only.weight > 0 ? only : undefined;
  let total = 0;
  for (const { weight } of entries) total += weight;
  if (total <= 0) return undefined;
  let at = random() * total;
  for (const entry of entries) {
    at -= entry.weight;
    if (at < 0) return entry;
  }
  return undefined;
}

/**
 * Numbers that fill [0, 1) evenly from the first on (multiples of the golden ratio), so that a few dozen requests
 * already show the shares that weights promise. "Implementations may choose how that 50 percent is determined."
 */
export function evenly(): Random {
  let at = 0;
  return () => {
    at = (at + 0.618033988749895) % 1;
    return at;
  };
}
