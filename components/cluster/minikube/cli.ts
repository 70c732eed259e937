import { setTimeout as pause } from "node:timers/promises";
import { z } from "../../../config/zod.ts";
import { readSecrets, report, runStep, stepParameters } from "../../commands/script.ts";
import { parseWantedKey } from "../encryption/key-ring.ts";
import { type EncryptionFile, encryptionFile } from "../encryption/place.ts";
import { runTool } from "../run-tool.ts";
import { clusterProbe } from "./cluster-probe.ts";
import { minikubeHome } from "./home.ts";
import { observeProfile } from "./observe.ts";
import type { Wanted } from "./plan.ts";
import { create, remove, update, type World } from "./run.ts";
import { minikubeSettings } from "./settings.ts";
import { minikubeOnPath, minikubeTool } from "./tool.ts";

/*
 * The step `minikube`: create, update and delete the cluster of a stack's own.
 *   LEARN_PARAMETERS  {"settings": MinikubeSettings, "generation": "…", "resumed": "…"}
 *   stdin             when settings.encrypted: the wanted key (encryption/key-ring.ts)
 *   stdout            MinikubeResult (components/commands/cluster-steps.ts)
 */
const parameters = z.object({ settings: minikubeSettings, generation: z.string(), resumed: z.string() });

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

const home = minikubeHome();
const world: World = {
  home,
  minikube: minikubeTool(minikubeOnPath(stop.signal), report),
  cluster: clusterProbe(runTool(), pause),
  report,
  observe: (profile) => observeProfile(profile, home, runTool()),
};

const wanted = (): Wanted => parameters.parse(stepParameters());

async function fileOf({ settings }: Wanted): Promise<EncryptionFile | undefined> {
  return settings.encrypted ? encryptionFile(home, settings.profile, parseWantedKey(await readSecrets())) : undefined;
}

await runStep({
  create: async () => create(wanted(), await fileOf(wanted()), world),
  update: async () => update(wanted(), await fileOf(wanted()), world),
  delete: () => remove(wanted(), encryptionFile(home, wanted().settings.profile), world),
});
