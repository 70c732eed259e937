import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterConfig, EncryptionConfig, MinikubeConfig } from "../../config/schema.ts";
import type { Versions } from "../../config/versions.ts";
import { EncryptionAtRest } from "./encryption/encryption-at-rest.ts";
import { EncryptionKey } from "./encryption/encryption-key.ts";
import { ExistingCluster, expandHome } from "./existing-cluster.ts";
import { type Host, hostOf } from "./host.ts";
import { decideGeneration, type Generation } from "./minikube/generation.ts";
import { Minikube } from "./minikube/minikube.ts";
import { type MinikubeSettings, settingsOf } from "./minikube/settings.ts";
import { preflightMessage } from "./preflight/preflight.ts";

export interface ClusterArgs {
  /** Name of the stack; a cluster of its own is named after it. */
  readonly stack: string;
  readonly config: ClusterConfig;
  readonly encryption?: EncryptionConfig | undefined;
  readonly versions: Versions;
  /** Whether the stack installs MetalLB. */
  readonly metallb: boolean;
  /** Resolves when the whole program has been found sound; until then nothing is applied. */
  readonly gate: Promise<void>;
  /** Default: the machine that the program runs on, or none in a rehearsal. */
  readonly host?: Host;
}

/** Where LoadBalancer Services get their addresses: from MetalLB's pool, from the cluster, or not at all. */
export type Addresses = "pool" | "provided" | "none";

/** What the rest of the program needs to know of the cluster. */
export interface Cluster {
  readonly context: string;
  /** Path; undefined for kubectl's own rules. */
  readonly kubeconfig?: string;
  readonly provider: Provider;
  /** Address of the node; of an existing cluster it is not known. */
  readonly nodeAddress?: pulumi.Output<string>;
  readonly containerRuntime?: string;
  readonly addresses: Addresses;
  /** Tells the cluster from any other that has its name later: what was done to one has to be done to the next. */
  readonly identifier: pulumi.Output<string>;
  /** Everything waits for these (through the provider already). */
  readonly ready: pulumi.Resource[];
  /**
   * The resource with which everything on the cluster goes, without a call for each: the provider. When the cluster is
   * replaced, the engine counts the provider among what is deleted, but not the command with which that begins.
   */
  readonly deletedWith?: pulumi.Resource;
  /**
   * Resolves when the machine has been found ready. The program waits for it before it opens its gate, so that a machine
   * which is not ready ends it with one message and nothing registered. @throws pulumi.RunError that message
   */
  readonly checked: Promise<void>;
}

/**
 * The cluster that a stack names: a minikube of its own, or an existing one by its context.
 *
 * Before anything is applied the machine is checked (programs, versions, daemons, the profile): an update fails with one
 * message, a preview only warns.
 */
export function createCluster(args: ClusterArgs): Cluster {
  const host = args.host ?? hostOf();
  const { minikube } = args.config;
  return minikube === undefined ? existingCluster(args, host) : minikubeCluster(args, minikube, host);
}

function minikubeCluster(args: ClusterArgs, config: MinikubeConfig, host: Host): Cluster {
  const { stack, encryption, versions } = args;
  const settings = settingsOf(stack, config, versions, encryption !== undefined);
  const decided = checked(args, host, decide(settings, host));
  const generation = behind(args.gate, decided);
  const key = encryption && new EncryptionKey("encryption", encryption, generation);
  const minikube = new Minikube("cluster", { settings, generation, ...(key ? { key } : {}) });
  const { context, clusterIdentifier, command, nodeAddress } = minikube;
  const { profile } = settings;
  const encrypted =
    encryption && key
      ? new EncryptionAtRest(
          "encryption-at-rest",
          { profile, config: encryption, key, clusterIdentifier },
          { dependsOn: [command] },
        )
      : undefined;
  const ready = [command, ...(encrypted ? [encrypted.command] : [])];
  const provider = new Provider(
    "cluster-kubernetes",
    // Objects that a killed run left behind are taken over: on a cluster of the stack's own nobody else makes any.
    { context, clusterIdentifier, upsertExistingObjects: true },
    { parent: minikube, dependsOn: ready },
  );
  return {
    context: profile,
    provider,
    nodeAddress,
    containerRuntime: config.containerRuntime,
    addresses: args.metallb ? "pool" : "none",
    identifier: clusterIdentifier,
    ready,
    deletedWith: provider,
    checked: settled(decided),
  };
}

function existingCluster(args: ClusterArgs, host: Host): Cluster {
  const { context = "", loadBalancer = true, kubeconfig } = args.config;
  const file = kubeconfig === undefined ? {} : { kubeconfig: expandHome(kubeconfig) };
  const ready = checked({ ...args, config: { ...args.config, ...file } }, host, Promise.resolve({}));
  const gate = behind(args.gate, settled(ready));
  const { provider, identifier } = new ExistingCluster("cluster", { context, ...file, gate });
  const addresses = args.metallb ? "pool" : loadBalancer ? "provided" : "none";
  return { context, ...file, provider, addresses, identifier, ready: [], checked: settled(ready) };
}

async function decide(settings: MinikubeSettings, host: Host): Promise<Generation> {
  return decideGeneration(await host.profile(settings.profile), settings, host.fresh, host.isAlive);
}

/**
 * Looks at the machine and gives the value when it is ready for the stack.
 * @throws pulumi.RunError what stands in the way, all of it; a preview only warns.
 */
async function checked<T extends { readonly refusal?: string }>(
  { config, versions, stack }: ClusterArgs,
  host: Host,
  value: Promise<T>,
): Promise<T> {
  const [{ complaints, warnings }, decided] = await Promise.all([host.check(config, versions), value]);
  for (const warning of warnings) await pulumi.log.warn(warning);
  const all = decided.refusal === undefined ? complaints : [...complaints, decided.refusal];
  if (all.length === 0) return decided;
  const message = preflightMessage(stack, all);
  if (!pulumi.runtime.isDryRun()) throw new pulumi.RunError(message);
  await pulumi.log.warn(message);
  return decided;
}

/** The value once the gate is open. Until then nobody listens, and a failure is told by {@link Cluster.checked}. */
function behind<T>(gate: Promise<void>, value: Promise<T>): Promise<T> {
  value.catch(() => undefined);
  return gate.then(() => value);
}

/** Whether it worked; a failure that nobody looks at is no unhandled one. */
function settled(value: Promise<unknown>): Promise<void> {
  const done = value.then(() => undefined);
  done.catch(() => undefined);
  return done;
}
