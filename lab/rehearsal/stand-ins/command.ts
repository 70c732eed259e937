import { fields, text } from "../../manifests/fields.ts";
import { stableId } from "../engine/engine.ts";
import type { Made, Order, StandIn } from "../engine/stand-in.ts";
import { STEPS } from "./steps.ts";

/**
 * `@pulumi/command`: nothing is run. Steps of this project are answered by their name (environment LEARN_STEP) from
 * {@link STEPS}; a stack's own commands come back with empty output.
 */
export const command: StandIn = {
  package: "command",
  create({ urn, inputs, preview }: Order): Made {
    if (preview) return { id: "", outputs: {} };
    const environment = fields(inputs.environment);
    const step = text(environment.LEARN_STEP);
    const stdout = step === undefined ? "" : answerOf(step, text(environment.LEARN_PARAMETERS));
    return { id: stableId(urn), outputs: { stdout, stderr: "" } };
  },
};

function answerOf(step: string, parameters: string | undefined): string {
  const answer = STEPS[step] ?? STEPS[step.split("/", 1)[0] ?? step];
  if (answer === undefined) {
    throw new Error(`the rehearsal has no answer for the step ${step}: add it to lab/rehearsal/stand-ins/steps.ts`);
  }
  return JSON.stringify(answer(fields(parameters === undefined ? {} : JSON.parse(parameters)), step));
}
