import { setTimeout as wait } from "node:timers/promises";
import { z } from "../../../config/zod.ts";
import { runKubectl } from "../../commands/kubectl.ts";
import { readSecrets, report, runStep, stepParameters } from "../../commands/script.ts";
import { minikubeHome } from "../minikube/home.ts";
import { runTool } from "../run-tool.ts";
import { apiServer, type Kubectl } from "./api-server.ts";
import { parseWantedKey } from "./key-ring.ts";
import { minikubeStore } from "./minikube-store.ts";
import { rotate } from "./rotate.ts";

/*
 * The step `encryption`: bring the running cluster to the wanted key.
 *   LEARN_PARAMETERS  {"profile": "learn-06", "key": "key1", "provider": "secretbox", "resources": ["secrets"]}
 *   stdin             the wanted key (key-ring.ts)
 *   stdout            EncryptionResult (components/commands/cluster-steps.ts)
 */
const { profile } = z.object({ profile: z.string() }).parse(stepParameters());

const kubectl: Kubectl = (args, input) =>
  runKubectl({ context: profile }, ["--request-timeout=60s", ...args], { input, timeout: 600_000 });

const enforce = async () =>
  rotate(
    parseWantedKey(await readSecrets()),
    minikubeStore(profile, minikubeHome(), runTool(60_000)),
    apiServer(kubectl, { pause: 3_000, looks: 60, blind: 75_000, wait }, report),
    report,
  );

await runStep({ create: enforce, update: enforce });
