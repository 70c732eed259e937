import type { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import { minikubeResult, minikubeStep } from "../../commands/cluster-steps.ts";
import { nodeStep } from "../../commands/node-step.ts";
import type { EncryptionKey } from "../encryption/encryption-key.ts";
import type { Generation } from "./generation.ts";
import { clusterIdentifier, type MinikubeSettings, triggers } from "./settings.ts";

export interface MinikubeArgs {
  readonly settings: MinikubeSettings;
  /** Decided from what is found on the machine; rejected when the program may not apply anything. */
  readonly generation: Promise<Generation>;
  /** The key that a new cluster begins with, when its settings say `encrypted`. */
  readonly key?: EncryptionKey;
}

/**
 * A minikube cluster of the stack's own, in a profile of its own.
 *
 * What minikube cannot change on a cluster (version, driver, runtime, cpus, memory, disk, subnet) replaces it and, through
 * the provider's cluster identifier, everything on it; a preview shows that. A stopped cluster is started, one that was
 * deleted by hand is made anew: see `decideGeneration`.
 */
export class Minikube extends pulumi.ComponentResource {
  readonly command: Command;
  /** Address of the node. */
  readonly nodeAddress: pulumi.Output<string>;
  /** The context's name, known in a preview too; not before the program may apply something. */
  readonly context: pulumi.Output<string>;
  readonly clusterIdentifier: pulumi.Output<string>;

  constructor(name: string, args: MinikubeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("learn:cluster:Minikube", name, {}, opts);
    const { settings, key } = args;
    const decided = pulumi.output(args.generation);
    this.command = nodeStep(
      `${name}-minikube`,
      {
        step: minikubeStep,
        script: "components/cluster/minikube/cli.ts",
        verbs: { update: "update", delete: "delete" },
        parameters: decided.apply(({ generation, resumed }) => ({ settings, generation, resumed })),
        triggers: decided.apply(({ generation }) => triggers(settings, generation)),
        ...(key === undefined ? {} : { stdin: key.wanted }),
      },
      {
        parent: this,
        // Creating first would start the old profile again, and deleting then take it away.
        deleteBeforeReplace: true,
        customTimeouts: { create: "30m", update: "30m", delete: "10m" },
      },
    );
    this.nodeAddress = this.command.stdout.apply((stdout) => minikubeResult.parse(JSON.parse(stdout)).ip);
    // Through the URN, which a preview knows too, both depend on the command. Only then does a replacement of the cluster
    // reach the provider and, before the old cluster is deleted, all objects on it; else the engine would look for each of
    // them on the new one afterwards.
    const made = pulumi.all([decided, this.command.urn]).apply(([generation]) => generation);
    this.context = made.apply(() => settings.profile);
    this.clusterIdentifier = made.apply(({ generation }) => clusterIdentifier(settings, generation));
    this.registerOutputs({});
  }
}
