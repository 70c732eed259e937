import { execa } from "execa";
import semver from "semver";
import { VisibleError } from "../../lab/terminal/visible-error.ts";

const install = "Get it: https://www.pulumi.com/docs/install/";

export interface PulumiResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The Pulumi CLI in the project's directory. */
export interface Pulumi {
  /** Runs to the end and collects what it says. */
  ask(...args: readonly string[]): Promise<PulumiResult>;
  /** Runs with this terminal; the exit code. */
  run(...args: readonly string[]): Promise<number>;
}

/**
 * @throws VisibleError when there is no CLI, or one that is older than the project asks for
 * @param range of versions, as in Pulumi.yaml's `requiredPulumiVersion`
 */
export async function findPulumi(directory: string, range: string, env = process.env): Promise<Pulumi> {
  const options = { cwd: directory, env: passphrase(env), reject: false } as const;
  const pulumi: Pulumi = {
    ask: async (...args) => {
      const { exitCode, stdout, stderr, code } = await execa("pulumi", args, { ...options, stdin: "ignore" });
      if (code === "ENOENT")
        throw new VisibleError(`the Pulumi CLI is not installed; version ${range} is needed. ${install}`);
      return { code: exitCode ?? 1, stdout, stderr };
    },
    run: (...args) =>
      untilItEnds(async () => (await execa("pulumi", args, { ...options, stdio: "inherit" })).exitCode ?? 1),
  };
  const { stdout } = await pulumi.ask("version");
  const found = semver.coerce(stdout);
  if (found === null || !semver.satisfies(found, range))
    throw new VisibleError(
      `the Pulumi CLI is ${stdout.trim() || "of an unknown version"}, ${range} is needed. ${install}`,
    );
  return pulumi;
}

/**
 * The stacks' secrets are encrypted with the empty passphrase: the state is a file in this directory, readable by who can
 * read the directory. Who sets another passphrase makes stacks of his own with it.
 */
function passphrase(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const set = env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  return set ? {} : { PULUMI_CONFIG_PASSPHRASE: "" };
}

/** Ctrl-C is for pulumi, which then ends in order; this process only waits for it. */
async function untilItEnds(work: () => Promise<number>): Promise<number> {
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  try {
    return await work();
  } finally {
    process.off("SIGINT", ignore);
  }
}
