import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import type { VaultStandIn } from "../issuing/vault.ts";
import type { Fields } from "../manifests/fields.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import { Engine } from "./engine/engine.ts";
import { failureMessage } from "./engine/failure.ts";
import { inStableOrder } from "./engine/order.ts";
import { type Project, readProject } from "./engine/project.ts";
import type { LogLine, Registration } from "./engine/registration.ts";
import { type ProgramEnd, runProgram } from "./engine/run-program.ts";
import { readStackConfig, type StackConfig } from "./engine/stack-config.ts";
import type { StandIn } from "./engine/stand-in.ts";

export interface RehearseOptions {
  /** Directory with Pulumi.yaml; default: this project. */
  readonly directory?: string;
  /** As `pulumi preview`: outputs are unknown until made. Default: as `pulumi up`, with stand-ins making everything. */
  readonly preview?: boolean;
  /** "process" (default): as the language host would; "here": inside this process, faster, for tests. */
  readonly run?: "process" | "here";
  /** Who is given an address, first come first served ("Gateway/mango/edge"): keeps addresses from depending on timing. */
  readonly addressed?: readonly string[];
  /** Values in place of those of the stack file. */
  readonly config?: Fields;
}

/** A program's run against the in-process engine. */
export interface Rehearsed {
  readonly stack: string;
  readonly project: string;
  /** The stack file that was read. */
  readonly file: string;
  readonly config: StackConfig;
  readonly preview: boolean;
  /** Each after what it waits for, otherwise in an order that is the same for every run. */
  readonly registrations: readonly Registration[];
  /** The stack's outputs, secrets unwrapped. */
  readonly outputs: Fields;
  /** Vault's inside as the program's steps have configured it; empty in a preview. */
  readonly vault: VaultStandIn;
  /** Warnings and notes of the program. */
  readonly log: readonly LogLine[];
}

/**
 * Runs a stack's program against the in-process engine.
 * @param stack name ("learn-05") or path of a stack file
 * @throws VisibleError code 2: no such stack (with the nearest names), unreadable file; code 1: the program failed
 */
export async function rehearse(stack: string, options: RehearseOptions = {}): Promise<Rehearsed> {
  const project = await readProject(options.directory);
  const { name, file } = await findStack(stack, project);
  const read = await readStackConfig(file, project);
  const config = options.config === undefined ? read : withValues(read, options.config);
  return rehearseConfig(name, file, config, project, options);
}

/** The same for a configuration that is already read. @throws VisibleError code 1: the program failed */
export async function rehearseConfig(
  stack: string,
  file: string,
  config: StackConfig,
  project: Project,
  { preview = false, run = "process", addressed = [] }: RehearseOptions = {},
): Promise<Rehearsed> {
  const { standIns, vault } = await makeStandIns(addressed);
  const engine = new Engine({
    project: project.name,
    stack,
    organization: "organization",
    preview,
    disabledDefaultProviders: disabledDefaults(config),
    standIns,
  });
  const end = run === "here" ? await runHere(engine, project, config) : await runProgram(engine, project, config);
  const failure = failureMessage(end, engine, project);
  if (failure !== undefined) throw new VisibleError(failure, 1);
  return {
    stack,
    project: project.name,
    file,
    config,
    preview,
    registrations: inStableOrder(engine.registrations),
    outputs: engine.outputs ?? {},
    vault,
    log: engine.log.filter(({ severity }) => severity !== "debug"),
  };
}

/** The stacks of a project, in order. */
export async function stackNames(project: Project): Promise<string[]> {
  const names = (await readdir(project.stackDirectory)).map((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

/** The file of a stack given by name or path. @throws VisibleError naming the nearest stacks */
export async function findStack(stack: string, project: Project): Promise<{ name: string; file: string }> {
  if (/\.ya?ml$/.test(stack)) {
    const name = /^Pulumi\.(.+)\.ya?ml$/.exec(basename(stack))?.[1] ?? basename(stack).replace(/\.ya?ml$/, "");
    return { name, file: resolve(stack) };
  }
  const names = await stackNames(project);
  if (names.includes(stack)) return { name: stack, file: join(project.stackDirectory, `Pulumi.${stack}.yaml`) };
  const nearest = names.length === 0 ? undefined : closest(stack, names);
  const near = nearest !== undefined && distance(stack, nearest) <= 3 ? `; did you mean ${nearest}?` : "";
  throw new VisibleError([
    `no stack named ${stack}${near}`,
    `  stacks: ${names.join(", ")}`,
    `  a stack of your own is a file ${basename(dirname(join(project.stackDirectory, "x")))}/Pulumi.<name>.yaml; its path may be given too`,
  ]);
}

/** Loaded only here: a program in a process of its own needs Pulumi's protocol in this one, not its runtime. */
async function runHere(engine: Engine, project: Project, config: StackConfig): Promise<ProgramEnd> {
  const { runInProcess } = await import("./engine/in-process.ts");
  return runInProcess(engine, project, config);
}

/** Loaded only here, because X.509 takes a while that a mistyped name need not wait for. */
async function makeStandIns(addressed: readonly string[]): Promise<{ standIns: StandIn[]; vault: VaultStandIn }> {
  const [{ tls }, { command }, { kubernetes }, { VaultStandIn }, { AddressPool }] = await Promise.all([
    import("./stand-ins/tls.ts"),
    import("./stand-ins/command.ts"),
    import("./stand-ins/kubernetes.ts"),
    import("../issuing/vault.ts"),
    import("./stand-ins/address-pool.ts"),
  ]);
  const vault = new VaultStandIn();
  return { standIns: [tls, command(vault), kubernetes(new AddressPool(addressed))], vault };
}

function withValues(config: StackConfig, values: Fields): StackConfig {
  const texts = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { ...config, values: { ...config.values, ...Object.fromEntries(texts) } };
}

function disabledDefaults(config: StackConfig): string[] {
  const value: unknown = JSON.parse(config.values["pulumi:disable-default-providers"] ?? "[]");
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}
