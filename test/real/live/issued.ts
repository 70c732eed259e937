import { fieldsList } from "../../../lab/manifests/fields.ts";
import type { Topology } from "../../../lab/topology/model.ts";
import { issuedStatus } from "../../support/issued.ts";
import type { ApiClient } from "../cluster/api-client.ts";

/** Writes the statuses that cert-manager's controller, which does not run in this part, would have written by now. */
export async function writeIssued(client: ApiClient, { issuers, certificates }: Topology): Promise<void> {
  for (const { sourced } of [...issuers, ...certificates]) {
    const { apiVersion, kind, metadata } = sourced.object;
    const { name, namespace = "default" } = metadata;
    const lastTransitionTime = new Date().toISOString();
    const conditions = fieldsList(issuedStatus(sourced.object).conditions).map((one) => ({
      ...one,
      lastTransitionTime,
    }));
    const answer = await client.mergeStatus([apiVersion, kind, namespace, name], { conditions });
    if (answer.status >= 300) throw new Error(`status of ${kind} ${name}: ${answer.body.message}`);
  }
}
