import { z } from "../../../config/zod.ts";
import { runKubectl } from "../../commands/kubectl.ts";
import { runStep, StepFailure, stepParameters } from "../../commands/script.ts";
import { refuseForeign } from "./preflight.ts";

const parameters = z.object({ context: z.string(), kubeconfig: z.string().optional() });

await runStep({
  create: async () => refuseForeign(await installed()),
  // By now they are ours.
  update: async () => undefined,
});

async function installed() {
  const target = parameters.parse(stepParameters());
  const args = ["get", "crd", "gateways.gateway.networking.k8s.io", "--ignore-not-found", "--show-managed-fields"];
  const { code, stdout, stderr } = await runKubectl(target, [...args, "-o", "json"], { timeout: 60_000 });
  if (code !== 0) throw new StepFailure(`context ${target.context} cannot be asked for its CRDs: ${stderr}`);
  return stdout.trim() === "" ? undefined : JSON.parse(stdout);
}
