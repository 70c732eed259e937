import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError, readPrototype } from "../../config/read.ts";
import type { Prototype } from "../../config/schema.ts";
import { stackNamed, stackNames } from "../../tools/stack/stack-files.ts";
import { readProject } from "../rehearsal/engine/project.ts";
import { readStackConfig } from "../rehearsal/engine/stack-config.ts";
import { VisibleError } from "../terminal/visible-error.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

/** A stack of this project, as its file says. */
export interface NamedStack {
  readonly stack: string;
  readonly prototype: Prototype;
  /** The kubeconfig context of its cluster. */
  readonly context: string;
  readonly kubeconfig?: string;
}

/** @throws VisibleError when no stack, or none that there is, is named, or its file has mistakes */
export async function readStack(given: string | undefined, verb: string): Promise<NamedStack> {
  const names = await stackNames(join(project, "stacks"));
  if (given === undefined) {
    throw new VisibleError([`which stack? npm run ${verb} -- <stack>`, `There are: ${names.join(", ")}.`]);
  }
  const stack = stackNamed(given, verb, names);
  const config = await readStackConfig(join(project, "stacks", `Pulumi.${stack}.yaml`), await readProject(project));
  const prototype = prototypeOf(stack, config.values);
  const { context, kubeconfig, minikube } = prototype.cluster;
  return {
    stack,
    prototype,
    context: context ?? minikube?.profile ?? stack,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
}

function prototypeOf(stack: string, values: Readonly<Record<string, string>>): Prototype {
  try {
    return readPrototype(stack, values);
  } catch (error) {
    throw error instanceof ConfigError ? new VisibleError(error.message) : error;
  }
}
