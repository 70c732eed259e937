import { gatewaysOf } from "../../config/derive/gateways.ts";
import { ConfigError } from "../../config/read.ts";
import type { Prototype } from "../../config/schema.ts";
import { prototypeOf } from "../stack/topology.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import { type Project, readProject } from "./engine/project.ts";
import { readStackConfig, type StackConfig } from "./engine/stack-config.ts";
import { findStack, type Rehearsed, type RehearseOptions, rehearseConfig } from "./rehearse.ts";

/** A stack whose configuration has been read and found right. */
export interface PreparedStack {
  readonly name: string;
  readonly file: string;
  readonly config: StackConfig;
  readonly project: Project;
  readonly prototype: Prototype;
}

/**
 * Reads a stack's configuration, so that its mistakes are told before a program is started.
 * @throws VisibleError code 2: no such stack, unreadable file, mistakes in the configuration
 */
export async function prepare(stack: string, directory?: string): Promise<PreparedStack> {
  const project = await readProject(directory);
  const { name, file } = await findStack(stack, project);
  const read = await readStackConfig(file, project);
  // The rehearsal tells what is wrong with the wiring itself, in full, and beside it what still works.
  const config = { ...read, values: { ...read.values, [`${project.name}:wiring`]: "off" } };
  try {
    return { name, file, config, project, prototype: prototypeOf({ stack: name, config: read }) };
  } catch (error) {
    throw error instanceof ConfigError ? new VisibleError(error.message) : error;
  }
}

/** Runs the program of a prepared stack. @throws VisibleError code 1: it failed */
export function run(prepared: PreparedStack, options: RehearseOptions = {}): Promise<Rehearsed> {
  const { name, file, config, project, prototype } = prepared;
  const addressed = gatewaysOf(prototype)
    .filter(({ service, address }) => service === "LoadBalancer" && address === undefined)
    .map((gateway) => `Gateway/${gateway.namespace}/${gateway.name}`)
    .sort();
  return rehearseConfig(name, file, config, project, { addressed, ...options });
}
