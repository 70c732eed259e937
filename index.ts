import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { Application } from "./components/apps/application.ts";
import { endpointsOf } from "./components/stack/endpoints.ts";
import { Foundation } from "./components/stack/foundation.ts";
import { createGate } from "./components/stack/gate.ts";
import { applyStackPolicy } from "./components/stack/policy.ts";
import { Traffic } from "./components/traffic/traffic.ts";
import { namespaceOf } from "./config/derive/apps.ts";
import { readPrototype } from "./config/read.ts";

// Provisional: cluster, platform and pki are being added.
const stack = pulumi.getStack();
const prototype = readPrototype(stack, pulumi.runtime.allConfig());
const gate = createGate();
applyStackPolicy({ patches: prototype.patches, deletedWith: () => undefined });
const provider = new Provider("cluster", { context: pulumi.output(gate.opened.then(() => stack)) });
const opts = { providers: { kubernetes: provider } };
const foundation = new Foundation("foundation", { prototype }, opts);
for (const [name, config] of Object.entries(prototype.apps)) {
  new Application(name, { config, after: foundation.in(namespaceOf(name, config)) }, opts);
}
const traffic = new Traffic(
  "traffic",
  {
    prototype,
    addresses: true,
    namespaces: foundation.namespaces,
    gatewayCrds: [],
    gatewayControllers: [],
    ingressControllers: [],
  },
  opts,
);
gate.open();
export const endpoints = endpointsOf(prototype, traffic);
