/** One measured ratio or value and the bound it is held to. */
export interface Verdict {
  readonly what: string;
  readonly value: number;
  /** Value as text, with its unit. */
  readonly shown: string;
  readonly target: string;
  readonly met: boolean;
}

/** A value that must not be over a bound. */
export function atMost(what: string, value: number, bound: number, unit = "×"): Verdict {
  return { what, value, shown: `${value.toFixed(2)} ${unit}`, target: `≤ ${bound} ${unit}`, met: value <= bound };
}

/** A value that must not be under a bound. */
export function atLeast(what: string, value: number, bound: number, unit = "×"): Verdict {
  return { what, value, shown: `${value.toFixed(2)} ${unit}`, target: `≥ ${bound} ${unit}`, met: value >= bound };
}
