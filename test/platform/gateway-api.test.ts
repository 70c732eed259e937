import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { cacheDirectory, objectsOf } from "../../components/platform/gateway-api/files.ts";
import { GatewayApi, type GatewayApiArgs } from "../../components/platform/gateway-api/gateway-api.ts";
import { refuseForeign } from "../../components/platform/gateway-api/preflight.ts";
import { pins } from "../../config/versions.ts";
import { rehearse } from "../../lab/rehearsal/rehearse.ts";
import { type RecordOptions, record } from "../support/registrations.ts";

const text = `# a comment
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.gateway.networking.k8s.io }
spec: { group: gateway.networking.k8s.io }
`;
const file = { file: "things.yaml", plural: "things", sha256: createHash("sha256").update(text).digest("hex") };
const version = "v1.6.3";
const empty = () => mkdtempSync(join(tmpdir(), "gateway-api-"));

describe("the Gateway API's files", () => {
  it("are downloaded once, checked, and taken from the cache ever after", async () => {
    const cache = empty();
    const asked: string[] = [];
    const download = async (url: string) => {
      asked.push(url);
      return text;
    };
    const [crd] = (await objectsOf(file, { version, cache, download })) ?? [];
    assert.deepEqual(crd?.spec, { group: "gateway.networking.k8s.io" });
    assert.deepEqual(await objectsOf(file, { version, cache, download }), [crd]);
    assert.deepEqual(asked, [
      "https://raw.githubusercontent.com/kubernetes-sigs/gateway-api/v1.6.3/config/crd/standard/things.yaml",
    ]);
  });

  it("with another checksum are refused and not kept", async () => {
    const cache = empty();
    const download = async () => `${text}# changed on the way\n`;
    await assert.rejects(
      objectsOf(file, { version, cache, download }),
      new RegExp(`things.yaml from https://raw.* SHA-256 is [0-9a-f]{64}, expected ${file.sha256}`),
    );
    assert.deepEqual(readdirSync(cache), []);
  });

  it("come from a mirror directory alone when there is one, checked too", async () => {
    const mirror = empty();
    const sources = { version, mirror, cache: empty(), download: async () => assert.fail("the network was touched") };
    await assert.rejects(objectsOf(file, sources), /learn:mirror\.crds: .* has no things\.yaml/);
    writeFileSync(join(mirror, file.file), text);
    assert.equal((await objectsOf(file, sources))?.length, 1);
    writeFileSync(join(mirror, file.file), "something else");
    await assert.rejects(objectsOf(file, sources), /is not the file of the release/);
  });

  it("that are not at hand offline are simply not there", async () => {
    assert.equal(await objectsOf(file, { version, cache: empty() }), undefined);
  });

  it("are cached where the user's caches are", () => {
    assert.equal(cacheDirectory({}, "/home/me"), join("/home/me", ".cache", "learn-ingress", "gateway-api"));
    assert.equal(cacheDirectory({ XDG_CACHE_HOME: "/c" }, "/home/me"), join("/c", "learn-ingress", "gateway-api"));
  });
});

describe("the Gateway API's CRDs", () => {
  const args = { version: pins.gatewayApi.version, mirror: {}, offline: true };

  it("are registered one by one, named, with what the API server and the safe-upgrades policy look at", async () => {
    const { registrations } = await recordWith(args);
    const crds = registrations.filter(({ type }) => type.endsWith(":CustomResourceDefinition"));
    assert.equal(crds.length, 10);
    for (const { inputs } of crds) {
      const { name, annotations } = inputs.metadata as { name: string; annotations: Record<string, string> };
      assert.match(name, /^[a-z]+\.gateway\.networking\.k8s\.io$/);
      assert.equal(annotations["gateway.networking.k8s.io/bundle-version"], args.version);
      assert.equal(annotations["gateway.networking.k8s.io/channel"], "standard");
      assert.match(annotations["api-approved.kubernetes.io"] ?? "", /^https:/);
      assert.equal(annotations["pulumi.com/waitFor"], "condition=Established");
    }
    const policies = registrations.filter(({ name }) => name.endsWith("safe-upgrades.gateway.networking.k8s.io"));
    assert.deepEqual(policies.map(({ type }) => type.split(":").at(-1)).sort(), [
      "ValidatingAdmissionPolicy",
      "ValidatingAdmissionPolicyBinding",
    ]);
  });

  it("on an existing cluster wait for a look at who installed them; on a cluster of our own they do not", async () => {
    const theirs = await recordWith({ ...args, existing: { context: "theirs" } });
    const crd = "customresourcedefinition-gateways.gateway.networking.k8s.io";
    assert.deepEqual(theirs.dependenciesOf(crd), ["gateway-api-preflight"]);
    assert.deepEqual((await recordWith(args)).dependenciesOf(crd), []);
  });

  it("end an update with one message when they cannot be had", async () => {
    const config = { "learn:mirror": { crds: empty() } };
    await assert.rejects(rehearse("learn-04", { config }), (error: Error) => {
      assert.match(error.message, /learn:mirror\.crds: .* has no gateway\.networking\.k8s\.io_/);
      assert.equal(error.message.split("learn:mirror.crds").length, 2, "said once");
      return true;
    });
  });

  it("are shown by name in a preview when they cannot be had, with the reason", async () => {
    const { warnings, registrations } = await recordWith({ ...args, mirror: { crds: empty() } }, { preview: true });
    assert.match(warnings.join("\n"), /learn:mirror\.crds: .*This preview shows the CRDs' names only/);
    const crds = registrations.filter(({ type }) => type.endsWith(":CustomResourceDefinition"));
    assert.equal(crds.length, 10);
    // The kubernetes provider refuses a CRD without group and kind in any preview ("expected .spec.group").
    for (const { inputs } of crds) {
      const { name } = inputs.metadata as { name: string };
      const { group, names } = inputs.spec as { group: string; names: { kind?: string; plural: string } };
      assert.equal(`${names.plural}.${group}`, name);
      assert.match(names.kind ?? "", /^[A-Z]/, name);
    }
  });

  it("of somebody else are left alone, with their version, their installer and what to write", () => {
    const foreign = {
      metadata: {
        annotations: {
          "gateway.networking.k8s.io/bundle-version": "v1.5.1",
          "gateway.networking.k8s.io/channel": "experimental",
        },
        managedFields: [{ manager: "helm" }, { manager: "kube-apiserver" }],
      },
    };
    assert.throws(
      () => refuseForeign(foreign),
      /v1\.5\.1, channel experimental, installed by helm, kube-apiserver\..*install: false/,
    );
    refuseForeign(undefined);
    refuseForeign({ metadata: { labels: { "app.kubernetes.io/managed-by": "pulumi" } } });
  });
});

function recordWith(args: GatewayApiArgs, options: RecordOptions = {}) {
  return record(async () => {
    const provider = new Provider("cluster-kubernetes", { context: "learn" });
    await new GatewayApi("gateway-api", args, { providers: { kubernetes: provider } }).prepared;
  }, options);
}
