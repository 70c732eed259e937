const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/**
 * Milliseconds of a Gateway API duration ("1h30m", "500ms", "0s"); undefined when it is not one.
 * @see https://gateway-api.sigs.k8s.io/geps/gep-2257/ (up to four parts of up to five digits)
 */
export function parseDuration(text: string | undefined): number | undefined {
  if (text === undefined || !/^([0-9]{1,5}(h|m|s|ms)){1,4}$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9]+)(ms|h|m|s)/g))
    total += Number(amount) * (UNITS[unit ?? ""] ?? 0);
  return total;
}
