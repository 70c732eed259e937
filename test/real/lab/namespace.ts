import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

/**
 * The arguments of `unshare` for a lab: network, mounts and processes of its own. `--kill-child` together with the
 * process namespace is what cleans up: when unshare goes, however it goes, the kernel kills every process inside.
 */
const UNSHARE = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** Of what programs written in Go work in a lab, a third would be garbage collection; memory is cheaper. */
const SPARING = { GOGC: "400" };

function unshareArguments(): string[] {
  return process.getuid?.() === 0 ? UNSHARE : ["--map-root-user", ...UNSHARE];
}

/** Why labs cannot be made here, or null when they can. */
export async function whyNoNamespaces(): Promise<string | null> {
  if (process.platform !== "linux") return `network namespaces need Linux, this is ${process.platform}`;
  const result = await execa("unshare", [...unshareArguments(), "ip", "link", "set", "lo", "up"], { reject: false });
  if (result.exitCode === 0) return null;
  const reason = result.code === "ENOENT" ? "unshare (util-linux) is not installed" : result.stderr.trim();
  return `no network namespace can be made: ${reason || `exit code ${result.exitCode}`}`;
}

export interface InsideOptions {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly onMessage: (message: unknown) => void;
  /** ends the namespace and everything in it */
  readonly signal?: AbortSignal;
  /** output is kept and given back instead of shown */
  readonly quiet?: boolean;
}

/**
 * Runs `test/real/inside.ts` as the first process of a new lab namespace; resolves with its output when that is not shown.
 * Whatever it started is gone when this resolves, also after a crash of either side: the child ends when the
 * channel to its parent closes.
 */
export async function runInside(options: InsideOptions): Promise<string> {
  const script = fileURLToPath(new URL("../inside.ts", import.meta.url));
  const child = spawn(
    "unshare",
    [...unshareArguments(), process.execPath, "--import", "tsx/esm", script, ...options.args],
    {
      env: { ...SPARING, ...process.env, ...options.env },
      stdio: options.quiet ? ["ignore", "pipe", "pipe", "ipc"] : ["ignore", "inherit", "inherit", "ipc"],
    },
  );
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => output.push(chunk));
  child.on("message", options.onMessage);
  const kill = () => child.kill("SIGKILL");
  options.signal?.addEventListener("abort", kill, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", () => resolve());
    });
    return Buffer.concat(output).toString("utf8");
  } finally {
    options.signal?.removeEventListener("abort", kill);
  }
}
