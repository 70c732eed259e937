import { createHash } from "node:crypto";
import type { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import { type KubernetesLogin, type VaultConfiguration, vaultNamespace } from "../../../config/derive/vault.ts";
import { vaultImage } from "../../../config/versions.ts";
import { nodeStep } from "../../commands/node-step.ts";
import {
  configureResult,
  initResult,
  vaultCertificateStep,
  vaultInitStep,
  vaultPodsStep,
  vaultUnsealStep,
} from "../../commands/vault-steps.ts";
import { apply, applyTogether } from "../../kubernetes/apply.ts";
import { chartRelease } from "../charts/release.ts";
import { ownNamespace, type PartArgs } from "../platform-args.ts";
import { configurationSteps, type VaultTarget, vaultScript } from "./configuration-steps.ts";
import { ListenerCertificate } from "./listener-certificate.ts";
import { authorityStepName, loginStepName, roleStepName } from "./steps/plan.ts";
import { unsealerManifests } from "./unsealer.ts";
import { tlsSecret, vaultValues } from "./values.ts";

export interface VaultArgs extends PartArgs {
  readonly replicas: number;
  /** Volume of each server, such as 1Gi. */
  readonly storage: string;
  readonly configuration: VaultConfiguration;
  /** Which cluster it is: on another one every step is taken anew. */
  readonly cluster: pulumi.Input<string>;
  readonly context: string;
  readonly kubeconfig?: string | undefined;
}

const namespace = vaultNamespace;

/**
 * Vault on Raft behind TLS: installed, initialised, opened and configured. It is opened again after every restart by a
 * small Deployment beside it, without Pulumi and without anybody.
 */
export class Vault extends pulumi.ComponentResource {
  /** PEM of the authority that signed Vault's listener certificate. */
  readonly caCertificate: pulumi.Output<string>;
  /** Secret. */
  readonly keys: pulumi.Output<{ readonly unsealKey: string; readonly rootToken: string }>;
  readonly #steps: Readonly<Record<string, Command>>;
  readonly #configuration: VaultConfiguration;
  readonly #cluster: pulumi.Input<string>;

  constructor(name: string, args: VaultArgs, opts: pulumi.ComponentResourceOptions) {
    super("learn:platform:Vault", name, {}, opts);
    this.#configuration = args.configuration;
    this.#cluster = args.cluster;
    const { context, kubeconfig, replicas } = args;
    const target: VaultTarget = { context, ...(kubeconfig === undefined ? {} : { kubeconfig }), namespace, replicas };
    const home = ownNamespace(namespace, { parent: this });
    const tls = new ListenerCertificate(`${name}-tls`, { parent: this });
    const secret = apply(listenerSecret(tls), { parent: this, dependsOn: [home] });
    const release = this.release(name, args, [home, secret]);

    const pods = this.step(`${name}-pods`, vaultPodsStep, { task: "pods", ...target }, { dependsOn: [release] });
    const init = this.step(
      `${name}-init`,
      vaultInitStep,
      { task: "init", ...target },
      { dependsOn: [pods], additionalSecretOutputs: ["stdout"] },
    );
    this.keys = pulumi.secret(init.stdout.apply((stdout) => initResult.parse(JSON.parse(stdout))));
    const stdin = pulumi.secret(pulumi.jsonStringify(this.keys));
    const unseal = this.step(
      `${name}-unseal`,
      vaultUnsealStep,
      { task: "unseal", ...target },
      { dependsOn: [init] },
      stdin,
    );
    this.unsealer(args, init);
    this.step(`${name}-certificate`, vaultCertificateStep, certificateTask(target, tls), {
      dependsOn: [unseal, secret],
    });
    this.#steps = configurationSteps(
      `${name}-configure`,
      args.configuration,
      target,
      { cluster: this.#cluster, rootToken: this.keys.apply(({ rootToken }) => rootToken) },
      { parent: this, dependsOn: [unseal] },
    );
    this.caCertificate = tls.caCertificate;
    this.registerOutputs({});
  }

  /** What an Issuer needs before it can sign: its login, its role and the authority behind it. */
  readyFor({ issuer, mount, role }: KubernetesLogin): pulumi.Resource[] {
    return [loginStepName(issuer), roleStepName(mount, role), authorityStepName(mount)]
      .map((step) => this.#steps[step])
      .filter((command) => command !== undefined);
  }

  /** PEM of the root above a mount's authority: what a client must trust. */
  rootCertificate(mount: string): pulumi.Output<string> | undefined {
    const { authorities } = this.#configuration;
    const find = (at: string | undefined) => authorities.find((authority) => authority.mount === at);
    let authority = find(mount);
    while (authority?.signedBy !== undefined) authority = find(authority.signedBy);
    const step = authority && this.#steps[authorityStepName(authority.mount)];
    // A command that was given a secret answers with one; a certificate is none.
    return step && pulumi.unsecret(step.stdout.apply((stdout) => certificateIn(stdout)));
  }

  private release(name: string, args: VaultArgs, dependsOn: pulumi.Resource[]) {
    return chartRelease(
      `${name}-release`,
      {
        chart: { name: "vault", version: args.versions.vaultChart, repository: "https://helm.releases.hashicorp.com" },
        release: "vault",
        namespace,
        values: vaultValues(args),
        // Its pods are ready once they are open, which the steps after it see to.
        skipAwait: true,
        mirror: args.mirror.charts,
      },
      { parent: this, dependsOn },
    );
  }

  private step(
    name: string,
    step: string,
    parameters: pulumi.Input<object>,
    opts: pulumi.CustomResourceOptions,
    stdin?: pulumi.Input<string>,
  ): Command {
    return nodeStep(
      name,
      {
        step,
        script: vaultScript,
        verbs: { update: "update" },
        parameters,
        triggers: [this.#cluster],
        ...(stdin === undefined ? {} : { stdin }),
      },
      { ...opts, parent: this, customTimeouts: { create: "20m", update: "20m" } },
    );
  }

  private unsealer({ versions, replicas }: VaultArgs, init: pulumi.Resource): void {
    const manifests = unsealerManifests(namespace, vaultImage(versions), replicas);
    applyTogether(manifests, { parent: this, dependsOn: [init] });
  }
}

function listenerSecret({ caCertificate, certificate, privateKey }: ListenerCertificate) {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: tlsSecret, namespace },
    type: "kubernetes.io/tls",
    stringData: { "ca.crt": caCertificate, "tls.crt": certificate, "tls.key": privateKey },
  };
}

function certificateTask(target: VaultTarget, { certificate }: ListenerCertificate): pulumi.Output<object> {
  return certificate.apply((pem) => ({
    task: "certificate",
    ...target,
    sha256: createHash("sha256").update(pem).digest("hex"),
  }));
}

function certificateIn(stdout: string): string {
  return configureResult.parse(JSON.parse(stdout)).certificate ?? "";
}
