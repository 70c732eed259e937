const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

/** Seconds of a duration of the stack language (`720h`, `90m`, `30s`). @throws Error for anything else. */
export function seconds(duration: string): number {
  const [, count, unit = ""] = /^(\d+)([hms])$/.exec(duration) ?? [];
  const factor = units[unit];
  if (count === undefined || factor === undefined)
    throw new Error(`not a duration such as 720h, 90m or 30s: ${duration}`);
  return Number(count) * factor;
}

/** A number of seconds in the largest unit that needs no fraction: 7200 → `2h`, 90 → `90s`. */
export function duration(of: number): string {
  for (const unit of ["h", "m"]) {
    const factor = units[unit] ?? 1;
    if (of % factor === 0) return `${of / factor}${unit}`;
  }
  return `${of}s`;
}
