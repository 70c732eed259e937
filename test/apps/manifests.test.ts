import assert from "node:assert/strict";
import { appManifests } from "../../components/apps/manifests.ts";
import type { Manifest } from "../../components/kubernetes/apply.ts";
import { appSchemaDefaults } from "../support/app-defaults.ts";
import { loadPrototype } from "../support/stack-files.ts";

const ofStack = (stack: string, name: string): Manifest[] => {
  const app = loadPrototype(stack).apps[name];
  assert.ok(app);
  return appManifests(name, app);
};
const identities = (manifests: readonly Manifest[]) =>
  manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
const find = (manifests: readonly Manifest[], kind: string): Manifest => {
  const found = manifests.find((manifest) => manifest.kind === kind);
  assert.ok(found, `no ${kind}`);
  return found;
};

describe("manifests of applications", () => {
  it("mango answers its text on 5678 behind mango-svc:8000", () => {
    const manifests = ofStack("learn-05", "mango");
    assert.deepEqual(identities(manifests), ["Deployment mango/mango", "Service mango/mango-svc"]);
    assert.ok(JSON.stringify(find(manifests, "Deployment")).includes('"args":["-text=juicy mango"]'));
    assert.deepEqual(find(manifests, "Service").spec, {
      selector: { app: "mango" },
      ports: [{ name: "http", port: 8000, targetPort: 5678 }],
    });
  });

  it("nginx holds its certificate: configuration and Secret are mounted, the Service port is called https", () => {
    const manifests = ofStack("learn-05", "nginx");
    assert.deepEqual(identities(manifests), [
      "ConfigMap nginx/nginx-config",
      "Deployment nginx/nginx",
      "Service nginx/my-nginx",
    ]);
    const text = JSON.stringify(find(manifests, "Deployment"));
    assert.ok(text.includes('{"name":"tls","secret":{"secretName":"nginx-tls"}}'));
    assert.ok(text.includes('{"name":"config","configMap":{"name":"nginx-config"}}'));
    assert.deepEqual(Reflect.get(Object(find(manifests, "Service").spec), "ports"), [
      { name: "https", port: 443, targetPort: 443 },
    ]);
  });

  it("bookinfo has four Services, one more for each version, and reviews in three versions", () => {
    const names = identities(ofStack("learn-03", "bookinfo")).filter((name) => !name.startsWith("ServiceAccount"));
    assert.deepEqual(
      names.filter((name) => name.startsWith("Service")).map((name) => name.replace("Service book/", "")),
      [
        "productpage",
        "details",
        "ratings",
        "reviews",
        "productpage-v1",
        "details-v1",
        "ratings-v1",
        "reviews-v1",
        "reviews-v2",
        "reviews-v3",
      ],
    );
    assert.equal(names.filter((name) => name.startsWith("Deployment")).length, 6);
  });

  it("cafe runs coffee twice", () => {
    const deployment = find(ofStack("learn-04", "cafe"), "Deployment");
    assert.equal(deployment.metadata.name, "coffee");
    assert.equal(Reflect.get(Object(deployment.spec), "replicas"), 2);
  });

  it("papaya mounts its claim to write to and its Secret to read", () => {
    const manifests = ofStack("learn-01", "papaya");
    assert.deepEqual(identities(manifests).slice(0, 1), ["PersistentVolumeClaim papaya/papaya-data"]);
    const text = JSON.stringify(find(manifests, "Deployment"));
    assert.ok(text.includes('{"name":"mount-0","mountPath":"/var/papaya"}'));
    assert.ok(text.includes('{"name":"mount-1","mountPath":"/etc/papaya","readOnly":true}'));
  });

  it("an image of one's own brings port, arguments and environment", () => {
    const app = appSchemaDefaults({
      image: { name: "mine:1", port: 8443, protocol: "https", args: ["-v"], env: { A: "b" } },
    });
    const manifests = appManifests("mine", app);
    const text = JSON.stringify(find(manifests, "Deployment"));
    assert.ok(text.includes('"args":["-v"]') && text.includes('"env":[{"name":"A","value":"b"}]'));
    assert.deepEqual(Reflect.get(Object(find(manifests, "Service").spec), "ports"), [
      { name: "https", port: 8443, targetPort: 8443 },
    ]);
  });

  it("a stack may point the Service somewhere else, for better or worse", () => {
    const app = appSchemaDefaults({ echo: "x", service: { port: 81, targetPort: 9999, portName: "https" } });
    assert.deepEqual(Reflect.get(Object(find(appManifests("mine", app), "Service").spec), "ports"), [
      { name: "https", port: 81, targetPort: 9999 },
    ]);
  });
});
