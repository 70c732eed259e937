import {
  type EncryptionResult,
  encryptionStep,
  type MinikubeResult,
  minikubeStep,
} from "../../../components/commands/cluster-steps.ts";
import { gatewayApiPreflightStep } from "../../../components/commands/platform-steps.ts";
import {
  type ConfigureResult,
  type InitResult,
  type UnsealResult,
  vaultCertificateStep,
  vaultConfigureStep,
  vaultInitStep,
  vaultPodsStep,
  vaultUnsealStep,
} from "../../../components/commands/vault-steps.ts";
import { configureStep, type Operation } from "../../../components/platform/vault/steps/operations.ts";
import type { VaultStandIn } from "../../issuing/vault.ts";
import { toPem } from "../../issuing/x509.ts";
import { type Fields, fields, fieldsAt, number, text, textList } from "../../manifests/fields.ts";

/** What a step prints, from its parameters. */
export type StepAnswer = (parameters: Fields) => object | Promise<object>;

/** Steps by name, or by the part of it before a slash. The shapes are those of components/commands. */
export function stepAnswers(vault: VaultStandIn): Readonly<Record<string, StepAnswer>> {
  return {
    [minikubeStep]: (parameters): MinikubeResult => {
      const settings = fieldsAt(parameters, "settings");
      const { subnet, kubernetes } = fields(settings.fixed);
      return {
        // The first node of minikube's network has the address .2 (minikube pkg/drivers/kic/oci/network_create.go).
        ip: (text(subnet) ?? "192.168.49.0/24").replace(/\.\d+\/\d+$/, ".2"),
        context: text(settings.profile) ?? "minikube",
        kubernetes: text(kubernetes) ?? "",
        generation: text(parameters.generation) ?? "rehearsal",
      };
    },
    [encryptionStep]: (parameters): EncryptionResult => ({
      key: text(parameters.key) ?? "key1",
      provider: text(parameters.provider) ?? "secretbox",
      resources: textList(parameters.resources),
    }),
    [gatewayApiPreflightStep]: () => ({}),
    [vaultPodsStep]: () => ({}),
    [vaultInitStep]: (): InitResult => ({ unsealKey: "rehearsal-unseal-key", rootToken: "rehearsal-root-token" }),
    [vaultUnsealStep]: ({ replicas }): UnsealResult => ({
      members: Array.from({ length: number(replicas) ?? 1 }, (_, at) => `vault-${at}`),
    }),
    [vaultCertificateStep]: () => ({}),
    [vaultConfigureStep("").replace(/\/$/, "")]: ({ step }) => configure(vault, step),
  };
}

/** Does to the stand-in what the step's script does to a real Vault, and prints the same. */
async function configure(vault: VaultStandIn, given: unknown): Promise<ConfigureResult> {
  const step = configureStep.parse(given);
  for (const operation of step.operations) await perform(vault, operation);
  if (step.authority === undefined) return {};
  const [own, ...above] = (await vault.chainOf(step.authority)).map((certificate) => toPem(certificate));
  return { certificate: own, chain: above };
}

async function perform(vault: VaultStandIn, operation: Operation): Promise<void> {
  switch (operation.kind) {
    case "mount":
      if (operation.section === "mounts") vault.mount(operation.path, operation.type);
      return;
    case "ensure":
      vault.write(operation.write, operation.desired);
      return;
    case "random-secret":
      vault.putSecret(operation.mount, operation.path, operation.fields);
      return;
    case "authority":
      await vault.makeAuthority(operation);
  }
}
