import type { Report } from "./script.ts";

/**
 * Notes of what a step waits for: each as soon as it changes, and the same one again every half minute with the time it
 * has taken, so that nobody takes the step for stuck.
 */
export class WaitNotes {
  readonly #report: Report;
  readonly #now: () => number;
  readonly #begun: number;
  #note = "";
  #noted = 0;

  /** @param now milliseconds of a clock */
  constructor(report: Report, now: () => number = Date.now) {
    this.#report = report;
    this.#now = now;
    this.#begun = now();
  }

  note(line: string): void {
    const now = this.#now();
    const changed = line !== this.#note;
    if (!changed && now - this.#noted < 30_000) return;
    this.#report(changed ? line : `${line} (${timeText(now - this.#begun)} so far)`);
    this.#note = line;
    this.#noted = now;
  }
}

/** A span of time as people say it: `42 s`, `1 min 10 s`. */
export function timeText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
