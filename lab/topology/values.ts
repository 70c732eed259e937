import { number, text } from "../manifests/fields.ts";
import { isUnknown, UNKNOWN } from "../manifests/unknown.ts";
import type { Port } from "./model.ts";

/** A port field: a number, {@link UNKNOWN} while it is not known, undefined when absent or not a number. */
export function port(value: unknown): Port | undefined {
  return isUnknown(value) ? UNKNOWN : number(value);
}

/** A hostname field in lower case; absent and empty both mean any host. */
export function hostname(value: unknown): string | undefined {
  return text(value)?.toLowerCase() || undefined;
}

/** True unless both ports are known and differ. */
export function samePort(a: Port | undefined, b: Port | undefined): boolean {
  return a === b || a === UNKNOWN || b === UNKNOWN;
}

const UNITS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** Seconds of a Go duration ("2160h", "1h30m"); undefined when it is not one. @see https://pkg.go.dev/time#ParseDuration */
export function goDurationSeconds(value: unknown): number | undefined {
  if (typeof value !== "string" || !/^([\d.]+(h|ms|us|µs|ns|m|s))+$/.test(value)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of value.matchAll(/([\d.]+)(h|ms|us|µs|ns|m|s)/g)) {
    seconds += Number(amount) * (UNITS[unit ?? ""] ?? 0);
  }
  return Number.isFinite(seconds) ? seconds : undefined;
}
