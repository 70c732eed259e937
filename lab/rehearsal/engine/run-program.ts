import { createRequire } from "node:module";
import { join } from "node:path";
import { execa } from "execa";
import { VisibleError } from "../../terminal/visible-error.ts";
import type { Engine } from "./engine.ts";
import type { Project } from "./project.ts";
import { serveEngine } from "./server.ts";
import type { StackConfig } from "./stack-config.ts";

/** Exit code by which Pulumi's run script says: it failed, and the reason has been logged. */
export const FAILURE_LOGGED = 32;

/** Set while a program is rehearsed: it then looks neither at the machine nor at the network (components/cluster/host.ts). */
export const REHEARSAL = "LEARN_REHEARSAL";

export interface ProgramEnd {
  /** 0, 32 (failed, reason in the engine's log) or what else the program ended with. */
  readonly exitCode: number;
  /** What the program printed by itself. */
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a project's program against the engine exactly as Pulumi's Node.js language host does: `cmd/run` of the project's
 * own @pulumi/pulumi, the node arguments of Pulumi.yaml, configuration in PULUMI_CONFIG.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go (execRuntime)
 */
export async function runProgram(engine: Engine, project: Project, config: StackConfig): Promise<ProgramEnd> {
  const server = await serveEngine(engine);
  try {
    const { settings } = engine;
    const run = createRequire(join(project.directory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
    const args = [
      ...project.nodeArgs,
      run,
      ...["--monitor", server.address, "--engine", server.address, "--organization", settings.organization],
      ...["--project", settings.project, "--root-directory", project.directory, "--stack", settings.stack],
      ...["--pwd", project.directory],
      ...(settings.preview ? ["--dry-run"] : []),
      ...["--parallel", "16", project.main],
    ];
    const { exitCode, signal, stdout, stderr, code } = await execa("node", args, {
      cwd: project.directory,
      env: {
        ...withoutPulumi(process.env),
        [REHEARSAL]: "1",
        PULUMI_CONFIG: JSON.stringify(oldStyleKeys(config.values)),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
        ...(project.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
      },
      extendEnv: false,
      stdin: "ignore",
      reject: false,
    });
    if (code === "E2BIG") throw tooLarge(config);
    if (signal !== undefined) return { exitCode: 1, stdout, stderr: `${stderr}\nthe program was ended by ${signal}` };
    return { exitCode: exitCode ?? 1, stdout, stderr };
  } finally {
    server.close();
  }
}

/** Pulumi's hosts, too, pass all configuration in one environment variable. */
function tooLarge(config: StackConfig): VisibleError {
  const kilobytes = Math.ceil(JSON.stringify(config.values).length / 1024);
  return new VisibleError(
    `the configuration is ${kilobytes} KB long, more than this system lets a program have (128 KB on Linux): make it shorter, for example with a shared Gateway in learn:gateways`,
  );
}

/** The host passes `<namespace>:config:<name>`, a form the SDK accepts for all time. */
function oldStyleKeys(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key.replace(":", ":config:"), value]));
}

/** Settings of a real `pulumi` around the rehearsal (a stack's name, config, tracing) must not reach the program. */
function withoutPulumi(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^PULUMI_(NODEJS_|CONFIG)/.test(name)));
}
