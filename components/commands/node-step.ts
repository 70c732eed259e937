import { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";

export interface NodeStepArgs {
  /** Name of the step (`minikube`, `vault-init`); a rehearsal's stand-in answers by it. */
  readonly step: string;
  /** The script, relative to the project: `components/cluster/minikube/cli.ts`. */
  readonly script: string;
  /** What the script is asked to do when the resource is updated or deleted; without `delete` nothing happens then. */
  readonly verbs: { readonly update?: string; readonly delete?: string };
  /** Everything the step must know and may be shown; handed over as JSON in LEARN_PARAMETERS. */
  readonly parameters: pulumi.Input<object>;
  /** Secrets: one document on standard input, never on a command line or in the environment. */
  readonly stdin?: pulumi.Input<string>;
  /** Values whose change replaces the resource. */
  readonly triggers?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * A command that is a script of this project, run the same way on every platform: `node --import tsx/esm <script> <verb>`.
 * The script writes one JSON document to stdout and its progress, line by line, to stderr, which Pulumi shows.
 */
export function nodeStep(name: string, args: NodeStepArgs, opts: pulumi.CustomResourceOptions): Command {
  const run = (verb: string) => `node --import tsx/esm ${args.script} ${verb}`;
  return new Command(
    name,
    {
      create: run("create"),
      update: run(args.verbs.update ?? "create"),
      ...(args.verbs.delete === undefined ? {} : { delete: run(args.verbs.delete) }),
      environment: { LEARN_STEP: args.step, LEARN_PARAMETERS: pulumi.jsonStringify(args.parameters) },
      logging: "stderr",
      ...(args.stdin === undefined ? {} : { stdin: args.stdin }),
      ...(args.triggers === undefined ? {} : { triggers: args.triggers }),
    },
    opts,
  );
}
