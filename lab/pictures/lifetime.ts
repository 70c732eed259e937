const HOUR = 3600;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** A lifetime for people: "90 days", "10 years", "24 hours", "15 minutes". */
export function inWords(seconds: number): string {
  if (seconds >= 2 * YEAR) return count(seconds / YEAR, "year");
  if (seconds >= 3 * DAY) return count(seconds / DAY, "day");
  if (seconds >= HOUR) return count(seconds / HOUR, "hour");
  return count(seconds / 60, "minute");
}

/**
 * How much of a bar a lifetime fills, beside the longest one. Logarithmic from one hour: a leaf of 90 days beside a root
 * of ten years would else be a dot.
 */
export function shareOf(seconds: number, longest: number): number {
  const scale = (value: number) => Math.log(Math.max(value, HOUR) / HOUR + 1);
  return Math.min(1, scale(seconds) / scale(Math.max(longest, seconds, 2 * HOUR)));
}

function count(amount: number, unit: string): string {
  const rounded = Math.round(amount);
  return `${rounded} ${unit}${rounded === 1 ? "" : "s"}`;
}
