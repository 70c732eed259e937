import { readdirSync, readFileSync } from "node:fs";

/** Looks at the arguments of every process in the lab a hundred times a second and keeps all it has seen. */
export class ArgumentWatch {
  private readonly seen = new Set<string>();
  private readonly timer: NodeJS.Timeout;

  constructor() {
    this.timer = setInterval(() => this.look(), 10);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Distinct command lines seen so far. */
  get commandLines(): readonly string[] {
    return [...this.seen];
  }

  private look(): void {
    for (const pid of readdirSync("/proc")) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        this.seen.add(readFileSync(`/proc/${pid}/cmdline`, "latin1"));
      } catch {
        // it ended meanwhile
      }
    }
  }
}
