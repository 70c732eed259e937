import assert from "node:assert/strict";
import { covers, expand } from "../../../components/cluster/encryption/resources.ts";

const available = ["configmaps", "secrets", "events", "deployments.apps", "events.events.k8s.io"];

describe("resources of an EncryptionConfiguration", () => {
  it("are taken as they are named", () => {
    assert.deepEqual(expand(["secrets", "deployments.apps"], []), ["secrets", "deployments.apps"]);
  });

  it("are looked up when a whole group, the core group or everything is named", () => {
    assert.deepEqual(expand(["*.apps", "secrets"], available), ["secrets", "deployments.apps"]);
    assert.deepEqual(expand(["*."], available), ["configmaps", "secrets", "events"]);
    assert.deepEqual(expand(["*.*"], available), ["configmaps", "secrets", "events", "deployments.apps"]);
  });

  it("cover one another by name, by group, or altogether", () => {
    assert.ok(covers("secrets", "secrets") && covers("*.", "secrets") && covers("*.*", "deployments.apps"));
    assert.ok(
      covers("*.apps", "deployments.apps") && !covers("*.apps", "secrets") && !covers("*.", "deployments.apps"),
    );
    assert.ok(!covers("secrets", "*."));
  });
});
