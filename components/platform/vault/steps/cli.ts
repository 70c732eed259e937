import { readSecrets, report, runStep, StepFailure, stepParameters } from "../../../commands/script.ts";
import { initResult } from "../../../commands/vault-steps.ts";
import { VaultClient } from "./client.ts";
import { configure, forget } from "./configure.ts";
import { initialise } from "./keys.ts";
import { Kubectl } from "./kubectl.ts";
import { type VaultParameters, vaultParameters } from "./parameters.ts";
import { podsRunning } from "./pods.ts";
import { reloadCertificate } from "./reload.ts";
import { openServer } from "./servers.ts";
import { unseal } from "./unseal.ts";

/** The script behind every Vault command of the program; LEARN_PARAMETERS says which task it is. */
await runStep({
  create: () => run(parameters()),
  update: () => run(parameters(), { renewed: true }),
  delete: () => takeBack(parameters()),
});

function parameters(): VaultParameters {
  return vaultParameters.parse(stepParameters());
}

async function run(step: VaultParameters, { renewed = false } = {}): Promise<unknown> {
  const kubectl = new Kubectl(step);
  const { transport } = kubectl;
  switch (step.task) {
    case "pods":
      return podsRunning(kubectl, step.replicas, report);
    case "init":
      return initialise(kubectl, step.replicas, report);
    case "unseal":
      return unseal(transport, step.replicas, initResult.parse(JSON.parse(await readSecrets())), report);
    case "configure":
      return configure(await client(transport, step.replicas), step.step, report);
    case "certificate":
      // At first Vault has just started with this very certificate.
      return renewed ? reloadCertificate(transport, step.replicas, step.sha256, report) : undefined;
  }
}

/** A Vault that is gone or closed has nothing left to be taken back; a destroy must not hang on it. */
async function takeBack(step: VaultParameters): Promise<void> {
  if (step.task !== "configure" || step.step.forget.length === 0) return;
  const { transport } = new Kubectl(step);
  try {
    await forget(await client(transport, step.replicas, 0), step.step, report);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    report(`left as it is: ${error.message}`);
  }
}

async function client(transport: Kubectl["transport"], replicas: number, patience?: number): Promise<VaultClient> {
  const token = (await readSecrets()).trim();
  return new VaultClient(transport, await openServer(transport, replicas, patience), token, patience);
}
