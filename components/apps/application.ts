import * as pulumi from "@pulumi/pulumi";
import type { AppConfig } from "../../config/schema.ts";
import { applyTogether } from "../kubernetes/apply.ts";
import { appManifests } from "./manifests.ts";

/** The kind an application is, as it is called in Pulumi's resource tree. */
const kinds = { echo: "Echo", nginx: "Nginx", bookinfo: "Bookinfo", cafe: "Cafe", image: "Image" } as const;

export interface ApplicationArgs {
  readonly config: AppConfig;
  /** Resources the pods cannot start without: their namespace, certificates, and in the mesh ztunnel. */
  readonly after: readonly pulumi.Resource[];
}

/** An application's workload and Services; how it is reached is the business of `components/traffic`. */
export class Application extends pulumi.ComponentResource {
  constructor(name: string, { config, after }: ApplicationArgs, opts: pulumi.ComponentResourceOptions) {
    super(`learn:apps:${kindOf(config)}`, name, {}, opts);
    applyTogether(appManifests(name, config), { parent: this, dependsOn: after });
    this.registerOutputs({});
  }
}

function kindOf(config: AppConfig): string {
  for (const [key, kind] of Object.entries(kinds)) if (Reflect.get(config, key) !== undefined) return kind;
  return "Application";
}
