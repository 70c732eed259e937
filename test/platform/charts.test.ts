import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mergeValues } from "../../components/platform/charts/merge-values.ts";
import { chartSource } from "../../components/platform/charts/source.ts";

const istiod = { name: "istiod", version: "1.31.1", repository: "https://blob.istio.io/istio-release/charts" };
const certManager = { name: "cert-manager", version: "v1.21.2", repository: "oci://quay.io/jetstack/charts" };

describe("Helm values", () => {
  it("of the stack go over ours: objects merge, lists and single values are replaced", () => {
    const ours = { resources: { requests: { cpu: "100m", memory: "1Gi" } }, args: ["a", "b"], on: true };
    assert.deepEqual(
      mergeValues(ours, { resources: { requests: { cpu: "1" } }, args: ["c"] }, undefined, { on: null }),
      {
        resources: { requests: { cpu: "1", memory: "1Gi" } },
        args: ["c"],
        on: null,
      },
    );
    assert.deepEqual(ours.args, ["a", "b"]);
  });
});

describe("a chart", () => {
  it("comes from its public repository or OCI home", () => {
    assert.deepEqual(chartSource(istiod), {
      chart: "istiod",
      version: "1.31.1",
      repositoryOpts: { repo: "https://blob.istio.io/istio-release/charts" },
    });
    assert.deepEqual(chartSource(certManager), {
      chart: "oci://quay.io/jetstack/charts/cert-manager",
      version: "v1.21.2",
    });
  });

  it("comes from an OCI mirror whatever its public home is", () => {
    for (const prefix of ["oci://mirror.local/charts", "oci://mirror.local/charts/"])
      assert.deepEqual(chartSource(istiod, prefix), { chart: "oci://mirror.local/charts/istiod", version: "1.31.1" });
  });

  it("comes from a mirror directory, unpacked or packed", () => {
    const directory = mkdtempSync(join(tmpdir(), "charts-"));
    mkdirSync(join(directory, "istiod"));
    writeFileSync(join(directory, "cert-manager-v1.21.2.tgz"), "");
    assert.equal(chartSource(istiod, directory).chart, join(directory, "istiod"));
    assert.equal(chartSource(certManager, directory).chart, join(directory, "cert-manager-v1.21.2.tgz"));
    assert.equal(chartSource(istiod, directory).repositoryOpts, undefined);
  });

  it("that a mirror directory lacks is told of with both names it could have", () => {
    const directory = mkdtempSync(join(tmpdir(), "charts-"));
    assert.throws(
      () => chartSource(istiod, directory),
      /learn:mirror\.charts: chart istiod 1\.31\.1 is not in .*istiod or .*istiod-1\.31\.1\.tgz/,
    );
  });
});
