import type { VaultStandIn } from "../../issuing/vault.ts";
import { fields, text } from "../../manifests/fields.ts";
import { stableId } from "../engine/engine.ts";
import type { Made, Order, StandIn } from "../engine/stand-in.ts";
import { stepAnswers } from "./steps.ts";

/**
 * `@pulumi/command`: nothing is run. Steps of this project are answered by their name (environment LEARN_STEP), those
 * that configure Vault by configuring the stand-in; a stack's own commands come back with empty output.
 */
export function command(vault: VaultStandIn): StandIn {
  const answers = stepAnswers(vault);
  return {
    package: "command",
    async create({ urn, inputs, preview }: Order): Promise<Made> {
      if (preview) return { id: "", outputs: {} };
      const environment = fields(inputs.environment);
      const step = text(environment.LEARN_STEP);
      if (step === undefined) return { id: stableId(urn), outputs: { stdout: "", stderr: "" } };
      const answer = answers[step] ?? answers[step.split("/", 1)[0] ?? step];
      if (answer === undefined) {
        throw new Error(`the rehearsal has no answer for the step ${step}: add it to lab/rehearsal/stand-ins/steps.ts`);
      }
      const parameters = fields(JSON.parse(text(environment.LEARN_PARAMETERS) ?? "{}"));
      return { id: stableId(urn), outputs: { stdout: JSON.stringify(await answer(parameters)), stderr: "" } };
    },
  };
}
