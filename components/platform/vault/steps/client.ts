import { setTimeout as sleep } from "node:timers/promises";
import type { ToolResult } from "../../../cluster/run-tool.ts";
import { StepFailure } from "../../../commands/script.ts";

/** What a command inside a pod answered. */
export type Answer = ToolResult;

/** Runs a command in the vault container of a pod, for at most `timeout` milliseconds. Secrets go through `stdin` only. */
export type Transport = (pod: string, args: readonly string[], stdin: string, timeout?: number) => Promise<Answer>;

export type Fields = Record<string, unknown>;

/** The first line of stdin becomes the token; what follows is left for the vault command. */
const withToken = ["sh", "-c", 'read -r VAULT_TOKEN; export VAULT_TOKEN; exec "$@"', "sh"];

/** Trouble that passes by itself: a leader being elected, a KV engine that is being made version 2. */
const passing =
  /active cluster node not found|no active|local node not active|connection refused|upgrading from non-versioned|context deadline exceeded|error performing request to leader|Vault is sealed/i;

/** Vault as its own command line inside a pod sees it; paths are those of Vault's HTTP API without /v1/. */
export class VaultClient {
  readonly #transport: Transport;
  readonly #pod: string;
  readonly #token: string;
  readonly #patience: number;

  /** `patience`: milliseconds for which passing trouble is waited out. */
  constructor(transport: Transport, pod: string, token: string, patience = 60_000) {
    this.#transport = transport;
    this.#pod = pod;
    this.#token = token;
    this.#patience = patience;
  }

  /** The `data` of an answer; undefined where there is nothing. */
  async read(path: string): Promise<Fields | undefined> {
    const answer = await this.#run(["read", "-format=json", path], undefined);
    return answer === undefined ? undefined : dataOf(answer.stdout);
  }

  /** The keys below a path; none where there is nothing. */
  async list(path: string): Promise<string[]> {
    const answer = await this.#run(["list", "-format=json", path], undefined);
    const keys: unknown = answer === undefined ? [] : JSON.parse(answer.stdout || "[]");
    return Array.isArray(keys) ? keys.map(String) : [];
  }

  /** Writes a payload; what Vault has to say about it, if anything. */
  async write(path: string, payload: Fields): Promise<Fields> {
    const answer = await this.#run(["write", "-format=json", path, "-"], payload);
    return (answer && dataOf(answer.stdout)) ?? {};
  }

  async delete(path: string): Promise<void> {
    await this.#run(["delete", path], undefined);
  }

  async #run(args: readonly string[], payload: Fields | undefined): Promise<Answer | undefined> {
    const stdin = `${this.#token}\n${payload === undefined ? "" : JSON.stringify(payload)}`;
    const until = Date.now() + this.#patience;
    for (let pause = 200; ; pause = Math.min(2 * pause, 3000)) {
      const answer = await this.#transport(this.#pod, [...withToken, "vault", ...args], stdin);
      if (answer.code === 0) return answer;
      if (nothingThere(args[0], answer)) return undefined;
      if (!passing.test(answer.stderr) || Date.now() + pause > until) throw this.#failure(args, answer);
      await sleep(pause);
    }
  }

  #failure(args: readonly string[], { code, stderr }: Answer): StepFailure {
    const command = ["vault", ...args.filter((arg) => arg !== "-" && !arg.startsWith("-format"))].join(" ");
    return new StepFailure(`${command} in pod ${this.#pod} failed (exit code ${code}): ${shortened(stderr)}`);
  }
}

function nothingThere(verb: string | undefined, { code, stdout, stderr }: Answer): boolean {
  return code === 2 && (/No value found/.test(stderr) || (verb === "list" && /^\{\s*\}\s*$/.test(stdout)));
}

function dataOf(stdout: string): Fields | undefined {
  if (!stdout.trimStart().startsWith("{")) return undefined;
  const answer: unknown = JSON.parse(stdout);
  if (!isFields(answer)) return undefined;
  return isFields(answer.data) ? answer.data : answer;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Vault's errors without the lines that repeat the request, and without kubectl's last word. */
function shortened(stderr: string): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(URL:|Code:|command terminated with exit code)/.test(line));
  return lines.join(" ") || "no message";
}
