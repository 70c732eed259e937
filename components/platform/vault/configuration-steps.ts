import type { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import type { VaultConfiguration } from "../../../config/derive/vault.ts";
import { nodeStep } from "../../commands/node-step.ts";
import { vaultConfigureStep } from "../../commands/vault-steps.ts";
import { plan } from "./steps/plan.ts";

/** What every Vault command is told. */
export interface VaultTarget {
  readonly context: string;
  readonly kubeconfig?: string | undefined;
  readonly namespace: string;
  readonly replicas: number;
}

export const vaultScript = "components/platform/vault/steps/cli.ts";

/** Registers one command for each step of the plan, waiting for those before it; by name of the step. */
export function configurationSteps(
  name: string,
  configuration: VaultConfiguration,
  target: VaultTarget,
  { cluster, rootToken }: { readonly cluster: pulumi.Input<string>; readonly rootToken: pulumi.Output<string> },
  opts: { readonly parent: pulumi.Resource; readonly dependsOn: readonly pulumi.Resource[] },
): Readonly<Record<string, Command>> {
  const steps: Record<string, Command> = {};
  for (const { after, ...step } of plan(configuration)) {
    const before = after.map((one) => steps[one]).filter((command) => command !== undefined);
    steps[step.name] = nodeStep(
      `${name}-${step.name}`,
      {
        step: vaultConfigureStep(step.name),
        script: vaultScript,
        verbs: { update: "update", ...(step.forget.length === 0 ? {} : { delete: "delete" }) },
        parameters: { task: "configure", ...target, step },
        stdin: pulumi.secret(rootToken),
        triggers: [cluster],
      },
      { parent: opts.parent, dependsOn: [...opts.dependsOn, ...before] },
    );
  }
  return steps;
}
