import { setTimeout as sleep } from "node:timers/promises";
import type { Prototype } from "../../config/schema.ts";
import type { Kubectl } from "../live/kubectl.ts";
import { type Fields, text } from "../manifests/fields.ts";
import { claimChecks } from "./claims.ts";
import { meshChecks } from "./mesh.ts";
import { Ways } from "./reach.ts";
import { requestChecks } from "./requests.ts";
import type { Check, Result } from "./result.ts";
import { vaultChecks } from "./vault.ts";

export interface VerifyArgs {
  readonly prototype: Prototype;
  /** The stack's outputs; `vaultToken` in clear where there is one. */
  readonly outputs: Fields;
  readonly kubectl: Kubectl;
  /** How long to wait for what is still coming, in seconds. */
  readonly wait: number;
  readonly report: (line: string) => void;
  readonly ways?: Ways;
}

/** Everything the stack promises, looked at on the cluster; what is not so yet is looked at again until `wait` is over. */
export async function verify({
  prototype,
  outputs,
  kubectl,
  wait,
  report,
  ways = new Ways(kubectl),
}: VerifyArgs): Promise<Result[]> {
  const checks = [
    ...requestChecks(outputs, kubectl, ways),
    ...claimChecks(prototype, kubectl, text(outputs.vaultToken)),
    ...vaultChecks(prototype, kubectl),
    ...meshChecks(prototype, kubectl),
  ];
  try {
    return await untilGood(checks, wait, report, () => ways.forget());
  } finally {
    ways.close();
  }
}

async function untilGood(
  checks: readonly Check[],
  wait: number,
  report: (line: string) => void,
  again: () => void,
): Promise<Result[]> {
  const deadline = Date.now() + wait * 1000;
  const results = new Map<Check, Result>();
  for (let round = 1; ; round++) {
    const open = checks.filter((check) => results.get(check)?.ok !== true);
    for (const [index, check] of open.entries()) {
      report(`${round === 1 ? "looking at" : "again"} ${index + 1}/${open.length}: ${check.asked}`);
      results.set(check, await check.run());
    }
    const missing = checks.filter((check) => results.get(check)?.ok !== true);
    if (missing.length === 0 || Date.now() >= deadline) return checks.flatMap((check) => results.get(check) ?? []);
    report(
      `${missing.length} of ${checks.length} not as promised yet; ${Math.ceil((deadline - Date.now()) / 1000)} s left`,
    );
    await sleep(Math.min(2_000, Math.max(0, deadline - Date.now())));
    again();
  }
}
