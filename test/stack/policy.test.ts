import assert from "node:assert/strict";
import { Command } from "@pulumi/command/local/command.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { apply } from "../../components/kubernetes/apply.ts";
import { applyStackPolicy } from "../../components/stack/policy.ts";
import { record } from "../support/registrations.ts";

describe("what a cluster takes with it", () => {
  it("are its objects and the steps taken on it, not the command that makes it nor the provider", async () => {
    const seen = await record(() => {
      const made = new Command("cluster", { create: "true", environment: { LEARN_STEP: "vault-pods" } });
      const provider = new Provider("provider", { context: "learn" }, { dependsOn: [made] });
      applyStackPolicy({ patches: [], deletedWith: () => provider });
      apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "default" } }, { provider });
      new Command("step", { create: "true", environment: { LEARN_STEP: "vault-pods" } });
    });
    const { urn } = seen.named("provider");
    assert.equal(seen.named("configmap-default-a").deletedWith, urn);
    assert.equal(seen.named("step").deletedWith, urn);
    assert.equal(seen.named("cluster").deletedWith, undefined);
    assert.equal(seen.named("provider").deletedWith, undefined);
  });
});
