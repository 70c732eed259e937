import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { execa } from "execa";
import { fields, text } from "../../../lab/manifests/fields.ts";
import { copyProject } from "../../support/project-copy.ts";
import { context, program } from "../lab/context.ts";
import type { ServedPlugin } from "./plugin.ts";

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Config {
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

export interface AskOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The real Pulumi CLI in a copy of the project, with a home and a PATH of its own, and no network to fetch plugins from.
 * What it has of plugins is what it is told to attach to.
 */
export class RealPulumi {
  readonly directory: string;
  readonly #bin: string;
  readonly #env: Record<string, string>;

  constructor() {
    mkdirSync(context().directory, { recursive: true });
    const root = realpathSync(mkdtempSync(join(context().directory, "pulumi-")));
    this.#bin = join(root, "bin");
    mkdirSync(this.#bin);
    symlinkSync(program("pulumi"), join(this.#bin, "pulumi"));
    this.directory = join(root, "learn-ingress");
    copyProject(this.directory);
    this.#env = {
      PATH: [this.#bin, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
      HOME: root,
      PULUMI_HOME: join(root, "pulumi-home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      NO_COLOR: "1",
    };
  }

  attach(language: ServedPlugin, providers: Readonly<Record<string, ServedPlugin>>): void {
    this.#env.PULUMI_DEBUG_LANGUAGES = `nodejs:${language.port}`;
    this.#env.PULUMI_DEBUG_PROVIDERS = Object.entries(providers)
      .map(([name, { port }]) => `${name}:${port}`)
      .join(",");
    // For a policy pack the engine looks whether there is a host, before it attaches to the one above.
    writeFileSync(join(this.#bin, "pulumi-language-nodejs"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  }

  /** `pulumi …` as a user types it who has exported the documented passphrase. */
  pulumi(args: readonly string[], options: AskOptions = {}): Promise<Said> {
    return this.#run("pulumi", args, { ...options, env: { PULUMI_CONFIG_PASSPHRASE: "", ...options.env } });
  }

  /** `npm run <verb> -- …`: without a passphrase in the environment. */
  npmRun(verb: string, args: readonly string[], options: AskOptions = {}): Promise<Said> {
    return this.#run(process.execPath, ["--import", "tsx/esm", "tools/stack/cli.ts", verb, ...args], options);
  }

  /** A stack's configuration as the CLI reads it; secret values only with `--show-secrets`. */
  async config(stack: string, flags: readonly string[] = []): Promise<Config> {
    const { code, stdout, stderr } = await this.pulumi(["config", "--json", "--stack", stack, ...flags]);
    if (code !== 0) throw new Error(stderr);
    const entries = Object.entries(fields(JSON.parse(stdout))).map(([key, entry]) => [key, fields(entry)] as const);
    return {
      values: Object.fromEntries(entries.map(([key, { value }]) => [key, text(value) ?? ""])),
      secretKeys: entries.filter(([, { secret }]) => secret === true).map(([key]) => key),
    };
  }

  read(path: string): string {
    return readFileSync(join(this.directory, path), "utf8");
  }

  write(path: string, content: string): void {
    writeFileSync(join(this.directory, path), content);
  }

  /** Path → content of every file of the project but the state and node_modules. */
  files(): Record<string, string> {
    const files: Record<string, string> = {};
    const walk = (directory: string): void => {
      for (const entry of readdirSync(directory, { withFileTypes: true })) {
        const path = join(directory, entry.name);
        const name = relative(this.directory, path);
        if (name === "node_modules" || name === ".state") continue;
        if (entry.isDirectory()) walk(path);
        else files[name] = readFileSync(path, "utf8");
      }
    };
    walk(this.directory);
    return files;
  }

  /** Names of the stacks of which the local state has a record. */
  recorded(): string[] {
    const directory = join(this.directory, ".state/.pulumi/stacks/learn");
    if (!existsSync(directory)) return [];
    return readdirSync(directory)
      .flatMap((name) => /^(.*)\.json$/.exec(name)?.[1] ?? [])
      .sort();
  }

  async #run(command: string, args: readonly string[], { input = "", env = {} }: AskOptions): Promise<Said> {
    const options = { cwd: this.directory, env: { ...this.#env, ...env }, extendEnv: false, reject: false, input };
    const { exitCode, stdout, stderr } = await execa(command, args, options);
    return { code: exitCode ?? 1, stdout, stderr };
  }
}
