/**
 * A failure whose message is meant for the person at the terminal: what failed, why, what to do next.
 * Command-line mains print the message alone (no stack trace) and exit with `exitCode`.
 */
export class VisibleError extends Error {
  override readonly name = "VisibleError";
  /** 2 = bad input (the default), 1 = the work was done and something is wrong. */
  readonly exitCode: number;

  constructor(message: string | readonly string[], exitCode = 2) {
    super(typeof message === "string" ? message : message.join("\n"));
    this.exitCode = exitCode;
  }
}
