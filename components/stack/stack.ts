import type * as pulumi from "@pulumi/pulumi";
import { namespaceOf } from "../../config/derive/apps.ts";
import { leavesOf } from "../../config/derive/certificates.ts";
import { leafDuration } from "../../config/derive/vault.ts";
import type { Prototype } from "../../config/schema.ts";
import type { Versions } from "../../config/versions.ts";
import { Application } from "../apps/application.ts";
import type { Cluster } from "../cluster/index.ts";
import { createAuthorities } from "../pki/authorities.ts";
import type { Authority } from "../pki/authority.ts";
import { Platform } from "../platform/platform.ts";
import { Traffic } from "../traffic/traffic.ts";
import { Foundation } from "./foundation.ts";

export interface StackArgs {
  readonly prototype: Prototype;
  readonly versions: Versions;
  readonly cluster: Cluster;
  /** Never touch the network while planning (a rehearsal). */
  readonly offline: boolean;
}

/** Everything that stands on the cluster, in the order in which it is told; what can start together does. */
export class LearningStack {
  readonly platform: Platform;
  readonly authorities: Readonly<Record<string, Authority>>;
  readonly traffic: Traffic;

  constructor({ prototype, versions, cluster, offline }: StackArgs) {
    const opts = { providers: { kubernetes: cluster.provider } };
    const foundation = new Foundation("foundation", { prototype }, opts);
    const inNamespace = (namespace: string) => foundation.in(namespace);

    this.platform = new Platform({ prototype, versions, cluster, offline }, opts);
    this.authorities = createAuthorities({ prototype, platform: this.platform, inNamespace }, opts);
    const certificates = issueLeaves(prototype, this.authorities, inNamespace);
    for (const [name, config] of Object.entries(prototype.apps)) {
      const mesh = config.mesh === "ambient" ? this.platform.mesh : [];
      const after = [...inNamespace(namespaceOf(name, config)), ...(certificates.get(name) ?? []), ...mesh];
      new Application(name, { config, after }, opts);
    }
    this.traffic = new Traffic(
      "traffic",
      {
        prototype,
        addresses: cluster.addresses !== "none",
        namespaces: foundation.namespaces,
        gatewayCrds: this.platform.gatewayCrds,
        gatewayControllers: this.platform.gatewayControllers,
        ingressControllers: this.platform.ingressControllers,
      },
      opts,
    );
  }
}

/** Has every leaf signed by its authority; by application, what makes the Secrets that its own pods mount. */
function issueLeaves(
  prototype: Prototype,
  authorities: Readonly<Record<string, Authority>>,
  inNamespace: (namespace: string) => pulumi.Resource[],
): ReadonlyMap<string, pulumi.Resource[]> {
  const byApp = new Map<string, pulumi.Resource[]>();
  for (const { app, issuer, secret, ...leaf } of leavesOf(prototype)) {
    const duration = leafDuration(prototype, issuer, leaf.duration);
    const resources =
      authorities[issuer]?.issue({ ...leaf, secretName: secret, duration }, inNamespace(leaf.namespace)) ?? [];
    if (app !== undefined) byApp.set(app, [...(byApp.get(app) ?? []), ...resources]);
  }
  return byApp;
}
