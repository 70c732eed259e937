import * as pulumi from "@pulumi/pulumi";
import { isRehearsal } from "./components/cluster/host.ts";
import { createCluster } from "./components/cluster/index.ts";
import { createGate } from "./components/stack/gate.ts";
import { stackOutputs } from "./components/stack/outputs.ts";
import { applyStackPolicy } from "./components/stack/policy.ts";
import { LearningStack } from "./components/stack/stack.ts";
import { ConfigError, readPrototype } from "./config/read.ts";
import type { Prototype } from "./config/schema.ts";
import { resolveVersions } from "./config/versions.ts";
import { checkProgram } from "./lab/stack/check-program.ts";

const stack = pulumi.getStack();
const prototype = read();
const versions = resolveVersions(prototype.versions);
const gate = createGate();
const metallb = prototype.platform.metallb !== undefined;
const { cluster: config, encryption, patches, mirror } = prototype;

const cluster = createCluster({ stack, config, encryption, versions, metallb, gate: gate.opened });
const record = applyStackPolicy({ patches, imageMirror: mirror.images, deletedWith: () => cluster.deletedWith });
const built = new LearningStack({ prototype, versions, cluster, offline: isRehearsal() });

const { error, warnings } = await checkProgram(stack, prototype, record);
for (const warning of warnings) await pulumi.log.warn(warning);
if (error !== undefined) throw new pulumi.RunError(error);
await Promise.all([cluster.checked, built.platform.prepared]);
gate.open();

export default stackOutputs(prototype, cluster, built);

function read(): Prototype {
  try {
    return readPrototype(stack, pulumi.runtime.allConfig());
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}
