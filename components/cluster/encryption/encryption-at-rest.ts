import type { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import type { EncryptionConfig } from "../../../config/schema.ts";
import { encryptionStep } from "../../commands/cluster-steps.ts";
import { nodeStep } from "../../commands/node-step.ts";
import type { EncryptionKey } from "./encryption-key.ts";

export interface EncryptionAtRestArgs {
  readonly profile: string;
  readonly config: EncryptionConfig;
  readonly key: EncryptionKey;
  /** Which cluster it is: another one is brought to the key anew. */
  readonly clusterIdentifier: pulumi.Input<string>;
}

/**
 * Keeps a minikube cluster's Secrets encrypted in etcd with the wanted key.
 *
 * A new cluster starts with the file and the flags (`Minikube`), so that its first Secret is encrypted already. An
 * existing one is restarted with them. In both cases, and whenever the key, the provider or the list of resources
 * changes, this step follows: load the new key, rewrite everything, drop the old key (encryption/rotation.ts).
 * The flags live in minikube's profile and the file on its node, so that both survive stop and start.
 */
export class EncryptionAtRest extends pulumi.ComponentResource {
  readonly command: Command;

  constructor(name: string, args: EncryptionAtRestArgs, opts: pulumi.ComponentResourceOptions) {
    super("learn:cluster:EncryptionAtRest", name, {}, opts);
    const { key, provider, resources } = args.config;
    this.command = nodeStep(
      `${name}-rotation`,
      {
        step: encryptionStep,
        script: "components/cluster/encryption/cli.ts",
        verbs: {},
        parameters: { profile: args.profile, key, provider, resources },
        stdin: args.key.wanted,
        triggers: [args.clusterIdentifier],
      },
      { parent: this, deleteBeforeReplace: true, ...dependenciesOf(opts) },
    );
    this.registerOutputs({});
  }
}

/** A component's dependsOn does not reach its children. */
function dependenciesOf({ dependsOn }: pulumi.ComponentResourceOptions): {
  dependsOn?: pulumi.ComponentResourceOptions["dependsOn"];
} {
  return dependsOn === undefined ? {} : { dependsOn };
}
