import { homedir } from "node:os";
import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";

export interface ExistingClusterArgs {
  readonly context: string;
  /** Path of the kubeconfig; kubectl's own rules (KUBECONFIG, ~/.kube/config) without it. */
  readonly kubeconfig?: string;
  /** Resolves when the program may apply something. */
  readonly gate: Promise<void>;
}

/**
 * A cluster that somebody else made and will delete: any conformant one. The stack only puts its own objects there and
 * takes each of them away again. Another context is another cluster, on which everything is created anew.
 */
export class ExistingCluster extends pulumi.ComponentResource {
  readonly provider: Provider;
  /** Its context: of a cluster that is not ours nothing else is known in a preview. */
  readonly identifier: pulumi.Output<string>;

  constructor(name: string, args: ExistingClusterArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("learn:cluster:ExistingCluster", name, {}, opts);
    const context = pulumi.output(args.gate.then(() => args.context));
    this.identifier = context;
    this.provider = new Provider(
      `${name}-kubernetes`,
      {
        context,
        clusterIdentifier: context,
        ...(args.kubeconfig === undefined ? {} : { kubeconfig: args.kubeconfig }),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/** `~/x` as a path: shells do that, programs that get the path from a file do not. */
export function expandHome(path: string, home: string = homedir()): string {
  return /^~[\\/]/.test(path) ? join(home, path.slice(2)) : path;
}
