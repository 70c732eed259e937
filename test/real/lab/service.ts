import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { context } from "./context.ts";
import { eventually } from "./wait.ts";

export interface ServiceOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** throws or gives false as long as the service does not answer */
  readonly ready: () => Promise<boolean>;
  readonly seconds?: number;
}

/**
 * A long-running program of the lab: started, waited for, stopped, started again. Its output goes to
 * `<name>.log` of the part's directory, which is kept when the part fails.
 */
export class Service {
  private child: ChildProcess | null = null;
  private exited: string | null = null;
  readonly options: ServiceOptions;
  readonly log: string;

  constructor(options: ServiceOptions) {
    this.options = options;
    this.log = join(context().directory, "logs", `${options.name}.log`);
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get running(): boolean {
    return this.child !== null && this.exited === null;
  }

  /** Starts it and waits until it is ready; an early exit is reported at once with the end of its log. */
  async start(extraArgs: readonly string[] = []): Promise<this> {
    this.spawn(extraArgs);
    await this.untilReady();
    return this;
  }

  /** Starts it without waiting. */
  spawn(extraArgs: readonly string[] = []): void {
    if (this.running) throw new Error(`${this.options.name} runs already`);
    mkdirSync(dirname(this.log), { recursive: true });
    const log = openSync(this.log, "a");
    this.exited = null;
    const child = spawn(this.options.command, [...this.options.args, ...extraArgs], {
      stdio: ["ignore", log, log],
      env: { ...process.env, ...this.options.env },
      cwd: this.options.cwd,
    });
    closeSync(log);
    this.child = child;
    child.once("error", (error) => {
      this.exited = `could not be started: ${error.message}`;
    });
    child.once("exit", (code, signal) => {
      this.exited = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
    });
  }

  /** Resolves when it answers; throws as soon as it is clear that it will not. */
  async untilReady(): Promise<void> {
    const { name, seconds = 60 } = this.options;
    await eventually(`${name} to be ready (log: ${this.log})`, seconds, async () => {
      if (this.exited !== null) return "gone";
      return (await this.options.ready()) ? "ready" : null;
    });
    if (this.exited !== null)
      throw new Error(`${name} ${this.exited} before it was ready; its log ends with:\n${this.tail()}`);
  }

  /** Resolves when the process has ended by itself. */
  async ended(seconds = 60): Promise<string> {
    return eventually(`${this.options.name} to end`, seconds, () => this.exited);
  }

  /** Ends it and waits until it is gone; SIGKILL after 10 s. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.child;
    if (child === null || this.exited !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await gone;
    clearTimeout(timer);
  }

  /** The last lines of the log. */
  tail(lines = 15): string {
    return readFileSync(this.log, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  }
}
