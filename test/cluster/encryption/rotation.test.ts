import assert from "node:assert/strict";
import fc from "fast-check";
import { encryptionDocument, readDocument } from "../../../components/cluster/encryption/document.ts";
import { type Key, type KeyRing, keyName, type WantedKey } from "../../../components/cluster/encryption/key-ring.ts";
import { covers, withoutOverlap } from "../../../components/cluster/encryption/resources.ts";
import { type ApiServer, type DocumentStore, rotate } from "../../../components/cluster/encryption/rotate.ts";
import { rotationSteps } from "../../../components/cluster/encryption/rotation.ts";
import { StepFailure } from "../../../components/commands/script.ts";

const secretOf = (text: string) => Buffer.from(text.padEnd(32, ".")).toString("base64");
const keyOf = (name: string, provider: Key["provider"] = "secretbox"): Key => ({
  provider,
  name,
  secret: secretOf(provider + name),
});
const wantedOf = (key: Key, resources = ["secrets"]): WantedKey => ({ key, resources });
const ringOf = (...keys: [Key, ...Key[]]): KeyRing => ({ keys, resources: ["secrets"], leaving: [] });

const anyKey = fc
  .record({
    name: fc.constantFrom("key1", "key2", "key3", "a"),
    provider: fc.constantFrom("secretbox" as const, "aescbc" as const),
  })
  .map(({ name, provider }) => keyOf(name, provider));
const anyResources = fc
  .uniqueArray(fc.constantFrom("secrets", "configmaps", "deployments.apps", "*.apps", "*."), { minLength: 1 })
  .map(withoutOverlap);
const anyWanted = fc.record({ key: anyKey, resources: anyResources });

/**
 * A cluster as far as encryption goes: an object in etcd is in clear or under a key; it can be read while the
 * configuration that the API server has loaded names that key for its resource.
 */
class Cluster implements DocumentStore, ApiServer {
  node = "";
  host = "";
  loaded = "";
  readonly objects = new Map<string, string>();
  /** How many operations still go well; then everything fails. */
  luck = Number.POSITIVE_INFINITY;

  constructor(objects: readonly string[]) {
    for (const name of objects) this.objects.set(name, "clear");
  }

  async read() {
    return [this.node, this.host].filter((text) => text !== "");
  }
  async write(document: string) {
    this.act();
    this.host = document;
    this.act();
    this.node = document;
  }
  async untilLoaded(document: string) {
    this.act();
    const { resources, leaving } = ringIn(document) ?? assert.fail("not a document");
    for (const list of [resources, leaving]) assert.deepEqual(withoutOverlap(list), list, "the API server refuses it");
    assert.equal(this.node, document, "waits for a document that the node does not have");
    this.loaded = this.node;
    this.assertReadable();
  }
  async rewrite(resources: readonly string[]) {
    for (const name of this.objects.keys()) {
      if (!resources.some((pattern) => covers(pattern, name))) continue;
      this.act();
      this.objects.set(name, this.writer(name));
    }
    this.assertReadable();
  }
  /** Stop and start: minikube copies the host's file to the node, and the API server loads what is there. */
  restart() {
    if (this.host !== "") this.node = this.host;
    this.loaded = this.node;
    this.assertReadable();
  }
  /** Every object can be read by what the server has loaded, and by what it would load after a restart. */
  assertReadable() {
    for (const document of [this.loaded, this.node, this.host].filter((text) => text !== "")) {
      for (const [name, key] of this.objects) {
        const known = ringFor(document, name)?.keys.map(keyName) ?? [];
        assert.ok(
          key === "clear" || known.includes(key),
          `${name}, written with ${key}, is unreadable; keys: ${known}`,
        );
      }
    }
  }
  writer(name: string): string {
    const ring = ringFor(this.loaded, name);
    return ring === undefined || !ring.resources.some((one) => covers(one, name)) ? "clear" : keyName(ring.keys[0]);
  }
  act() {
    if (this.luck-- <= 0) throw new StepFailure("the power went out");
  }
}

/** Reads a document once: the property below looks at few different ones very often. */
function ringIn(document: string): KeyRing | undefined {
  if (!rings.has(document)) rings.set(document, readDocument(document));
  return rings.get(document);
}
const rings = new Map<string, KeyRing | undefined>();

/** The ring, when it has anything to say of a resource. */
function ringFor(document: string, name: string): KeyRing | undefined {
  const ring = ringIn(document);
  return [...(ring?.resources ?? []), ...(ring?.leaving ?? [])].some((one) => covers(one, name)) ? ring : undefined;
}

const objects = ["secrets", "configmaps", "deployments.apps", "statefulsets.apps"];

describe("the EncryptionConfiguration", () => {
  it("puts the key that writes first and reading in clear last", () => {
    assert.equal(
      encryptionDocument(ringOf(keyOf("key2"), keyOf("key1"))),
      `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources:
      - secrets
    providers:
      - secretbox:
          keys:
            - name: key2
              secret: ${secretOf("secretboxkey2")}
            - name: key1
              secret: ${secretOf("secretboxkey1")}
      - identity: {}
`,
    );
  });

  it("keeps what is no longer encrypted readable, in a group that writes in clear", () => {
    const document = encryptionDocument({ keys: [keyOf("key1")], resources: ["secrets"], leaving: ["configmaps"] });
    assert.match(document, /- configmaps\n\s+providers:\n\s+- identity: \{\}\n\s+- secretbox:/);
  });

  it("reads back every key ring it writes, in the same order", () => {
    const anyRing = fc.record(
      {
        keys: fc.uniqueArray(anyKey, { minLength: 1, selector: keyName }).map((keys) => keys as [Key, ...Key[]]),
        resources: anyResources,
        leaving: fc.uniqueArray(fc.constantFrom("events", "pods")),
      },
      { noNullPrototype: true },
    );
    fc.assert(fc.property(anyRing, (ring) => assert.deepEqual(readDocument(encryptionDocument(ring)), ring)));
  });

  it("recognises what it did not write", () => {
    for (const text of ["", "kind: [", "kind: Secret", "kind: EncryptionConfiguration\nresources: []", "a: 1"])
      assert.equal(readDocument(text), undefined);
    const kms = "kind: EncryptionConfiguration\nresources: [{resources: [secrets], providers: [{kms: {name: x}}]}]";
    assert.equal(readDocument(kms), undefined);
  });
});

describe("rotating the key", () => {
  it("adds the new key, rewrites, and only then drops the old one", () => {
    const [key1, key2] = [keyOf("key1"), keyOf("key2")];
    const steps = rotationSteps([ringOf(key1), ringOf(key1)], wantedOf(key2));
    assert.deepEqual(
      steps.map((step) => (step.kind === "load" ? step.ring.keys.map(keyName) : step.resources)),
      [["secretbox key2", "secretbox key1"], ["secrets"], ["secretbox key2"]],
    );
  });

  it("has only old objects to rewrite on a cluster that knows no other key", () => {
    const steps = rotationSteps([ringOf(keyOf("key1"))], wantedOf(keyOf("key1")));
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ["load", "rewrite"],
    );
  });

  it("takes another provider for another key", () => {
    const steps = rotationSteps([ringOf(keyOf("key1"))], wantedOf(keyOf("key1", "aescbc")));
    const [first] = steps;
    assert.deepEqual(first?.kind === "load" && first.ring.keys.map(keyName), ["aescbc key1", "secretbox key1"]);
  });

  it("refuses two secrets under one name", () => {
    const other: Key = { ...keyOf("key1"), secret: secretOf("another") };
    assert.throws(
      () => rotationSteps([ringOf(other)], wantedOf(keyOf("key1"))),
      /another key named secretbox key1 in use.*learn:encryption\.key/s,
    );
  });

  it("never makes an object unreadable and always ends with the wanted key alone, whatever fails and restarts in between", async () => {
    const anyRun = fc.record({ wanted: anyWanted, luck: fc.nat(12), restart: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(anyRun, { minLength: 1, maxLength: 5 }), anyWanted, async (runs, last) => {
        const cluster = new Cluster(objects);
        for (const { wanted, luck, restart } of runs) {
          cluster.luck = luck;
          await rotate(wanted, cluster, cluster, () => {}).catch((error) => assert.ok(error instanceof StepFailure));
          if (restart) cluster.restart();
          cluster.assertReadable();
        }
        cluster.luck = Number.POSITIVE_INFINITY;
        const result = await rotate(last, cluster, cluster, () => {});
        assert.deepEqual(result, { key: last.key.name, provider: last.key.provider, resources: last.resources });
        for (const [name, key] of cluster.objects) {
          const encrypted = last.resources.some((pattern) => covers(pattern, name));
          assert.equal(key, encrypted ? keyName(last.key) : "clear", name);
        }
        for (const copy of [cluster.node, cluster.host, cluster.loaded])
          assert.deepEqual(readDocument(copy)?.keys, [last.key]);
      }),
      { numRuns: 100 },
    );
  });

  it("leaves a configuration alone that was changed by hand", async () => {
    const cluster = new Cluster(objects);
    cluster.node = "kind: EncryptionConfiguration\nresources: [{resources: [secrets], providers: [{kms: {name: x}}]}]";
    await assert.rejects(
      rotate(wantedOf(keyOf("key1")), cluster, cluster, () => {}),
      /changed by hand; it is left alone/,
    );
    assert.equal(cluster.host, "");
  });

  it("tells what it does and never a secret", async () => {
    const cluster = new Cluster(objects);
    const lines: string[] = [];
    await rotate(wantedOf(keyOf("key1")), cluster, cluster, (line) => lines.push(line));
    await rotate(wantedOf(keyOf("key2")), cluster, cluster, (line) => lines.push(line));
    assert.deepEqual(lines, [
      "Encryption: key secretbox key1 is added and writes from now on",
      "Encryption: rewriting secrets",
      "Encryption: key secretbox key2 is added and writes from now on",
      "Encryption: rewriting secrets",
      "Encryption: nothing needs secretbox key1 any more: dropped",
    ]);
  });
});
