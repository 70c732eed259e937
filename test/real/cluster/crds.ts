import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import { context } from "../lab/context.ts";
import { eventually } from "../lab/wait.ts";
import type { ApiClient } from "./api-client.ts";

/** The objects in a project's CRD files: definitions and, for the Gateway API, the policy against unsafe upgrades. */
export function crdObjects(project: string): KubeObject[] {
  const directory = context().crds[project];
  if (directory === undefined) throw new Error(`no CRD files of ${project}`);
  return readdirSync(directory)
    .filter((name) => name.endsWith(".yaml") && !name.startsWith("profile-") && name !== "kustomization.yaml")
    .sort()
    .flatMap((name) => parseAllDocuments(readFileSync(join(directory, name), "utf8")))
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}

/** Applies all CRDs of a project and waits until they are served; gives the warnings that came. */
export async function installCrds(client: ApiClient, project: string): Promise<string[]> {
  const objects = crdObjects(project);
  const warnings: string[] = [];
  for (const object of objects) {
    const answer = await client.must(object);
    warnings.push(...answer.warnings.map((text) => `${object.metadata.name}: ${text}`));
  }
  for (const { kind, apiVersion, metadata } of objects)
    if (kind === "CustomResourceDefinition")
      await eventually(`CustomResourceDefinition ${metadata.name} to be established`, 30, async () => {
        const { body } = await client.get(apiVersion, kind, null, metadata.name);
        const conditions: { type: string; status: string }[] = body.status?.conditions ?? [];
        return conditions.some(({ type, status }) => type === "Established" && status === "True");
      });
  return warnings;
}
