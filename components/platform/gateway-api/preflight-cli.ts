import { execa } from "execa";
import { z } from "zod";
import { runStep, StepFailure, stepParameters } from "../../commands/script.ts";
import { refuseForeign } from "./preflight.ts";

const parameters = z.object({ context: z.string(), kubeconfig: z.string().optional() });

await runStep({
  create: async () => refuseForeign(await installed()),
  // By now they are ours.
  update: async () => undefined,
});

async function installed() {
  const { context, kubeconfig } = parameters.parse(stepParameters());
  const { exitCode, stdout, stderr } = await execa(
    "kubectl",
    [
      ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
      ...["--context", context, "get", "crd", "gateways.gateway.networking.k8s.io"],
      ...["--ignore-not-found", "--show-managed-fields", "-o", "json"],
    ],
    { reject: false, timeout: 60_000 },
  );
  if (exitCode !== 0)
    throw new StepFailure(`context ${context} cannot be asked for its CRDs: ${stderr || "kubectl did not answer"}`);
  return stdout.trim() === "" ? undefined : JSON.parse(stdout);
}
