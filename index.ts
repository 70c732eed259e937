import * as pulumi from "@pulumi/pulumi";
import { Application } from "./components/apps/application.ts";
import { createCluster } from "./components/cluster/index.ts";
import { endpointsOf } from "./components/stack/endpoints.ts";
import { Foundation } from "./components/stack/foundation.ts";
import { createGate } from "./components/stack/gate.ts";
import { applyStackPolicy } from "./components/stack/policy.ts";
import { Traffic } from "./components/traffic/traffic.ts";
import { namespaceOf } from "./config/derive/apps.ts";
import { readPrototype } from "./config/read.ts";
import { resolveVersions } from "./config/versions.ts";

// Provisional: platform and pki are being added.
const stack = pulumi.getStack();
const prototype = readPrototype(stack, pulumi.runtime.allConfig());
const versions = resolveVersions(prototype.versions);
const gate = createGate();
const cluster = createCluster({
  stack,
  config: prototype.cluster,
  encryption: prototype.encryption,
  versions,
  metallb: prototype.platform.metallb !== undefined,
  gate: gate.opened,
});
applyStackPolicy({
  patches: prototype.patches,
  ...(prototype.mirror.images === undefined ? {} : { imageMirror: prototype.mirror.images }),
  deletedWith: () => cluster.deletedWith,
});
const opts = { providers: { kubernetes: cluster.provider } };
const foundation = new Foundation("foundation", { prototype }, opts);
for (const [name, config] of Object.entries(prototype.apps)) {
  new Application(name, { config, after: foundation.in(namespaceOf(name, config)) }, opts);
}
const traffic = new Traffic(
  "traffic",
  {
    prototype,
    addresses: cluster.addresses !== "none",
    namespaces: foundation.namespaces,
    gatewayCrds: [],
    gatewayControllers: [],
    ingressControllers: [],
  },
  opts,
);
gate.open();
export const endpoints = endpointsOf(prototype, traffic);
