import {
  type EncryptionResult,
  encryptionStep,
  type MinikubeResult,
  minikubeStep,
} from "../../../components/commands/cluster-steps.ts";
import { type Fields, fields, text, textList } from "../../manifests/fields.ts";

/** What a step prints, from its parameters; `step` is its whole name, such as "vault-configure/pki_int". */
export type StepAnswer = (parameters: Fields, step: string) => object;

/** Steps by name, or by the part of it before a slash. The shapes are those of components/commands. */
export const STEPS: Readonly<Record<string, StepAnswer>> = {
  [minikubeStep]: ({ settings, generation }): MinikubeResult => {
    const { profile, fixed } = fields(settings);
    const { subnet, kubernetes } = fields(fixed);
    return {
      // The first node of minikube's network has the address .2 (minikube pkg/drivers/kic/oci/network_create.go).
      ip: (text(subnet) ?? "192.168.49.0/24").replace(/\.\d+\/\d+$/, ".2"),
      context: text(profile) ?? "minikube",
      kubernetes: text(kubernetes) ?? "",
      generation: text(generation) ?? "",
    };
  },
  [encryptionStep]: ({ key, provider, resources }): EncryptionResult => ({
    key: text(key) ?? "key1",
    provider: text(provider) ?? "secretbox",
    resources: textList(resources),
  }),
};
