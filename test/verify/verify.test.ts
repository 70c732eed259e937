import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { workloadsOf } from "../../lab/verify/mesh.ts";
import { Ways } from "../../lab/verify/reach.ts";
import { resultsText } from "../../lab/verify/report.ts";
import type { Result } from "../../lab/verify/result.ts";
import { verify } from "../../lab/verify/verify.ts";
import { clusterOfRehearsal, keyOf, type RehearsedCluster } from "../support/cluster-of-rehearsal.ts";

const unreachable = async () => "silent" as const;

function run(cluster: RehearsedCluster, lines: string[] = []): Promise<Result[]> {
  const { prototype, outputs, kubectl } = cluster;
  return verify({
    prototype,
    outputs,
    kubectl,
    wait: 0,
    report: (line) => lines.push(line),
    ways: new Ways(kubectl, unreachable),
  });
}

const find = (results: readonly Result[], asked: string): Result => {
  const found = results.find((result) => result.asked === asked);
  assert.ok(found, `${asked} was not looked at; ${results.map((result) => result.asked).join(", ")}`);
  return found;
};

// The cluster is a rehearsal whose gateways really listen; kubectl is a stand-in. A live cluster is not to be had here.
describe("verify", () => {
  let cluster: RehearsedCluster;
  before(async () => {
    cluster = await clusterOfRehearsal("learn-03-03");
  });
  after(async () => cluster.close());

  it("makes the rehearsal's requests through a port-forward when the address cannot be reached, and says so", async () => {
    const results = await run(cluster);
    const https = find(results, "GET https://mango.example.com/mango");
    assert.equal(https.ok, true, https.got);
    assert.match(
      https.how,
      /a port-forward to Service mango\/mango-gateway-istio, because 192\.168\.49\.\d+ cannot be reached from this machine; certificate mango\.example\.com signed by example\.com/,
    );
    assert.equal(find(results, "GET https://other.example.com/mango").ok, true);
  });

  it("does not trust a certificate of another authority", async () => {
    const authorities = {
      "example-ca": { pem: readFileSync(new URL("../support/other-root.pem", import.meta.url), "utf8") },
    };
    const results = await run({ ...cluster, outputs: { ...cluster.outputs, authorities } });
    const https = find(results, "GET https://mango.example.com/mango");
    assert.equal(https.ok, false);
    assert.match(https.got, /certificate|verify|signed/i);
  });

  it("says of a cluster that does not answer what to do, for each promise, and throws no stack trace", async () => {
    cluster.answers.set(/get namespace mango/, {
      code: 1,
      stdout: "",
      stderr: "Unable to connect to the server: dial tcp: connection refused",
    });
    const label = find(await run(cluster), "Namespace mango in the ambient mesh");
    cluster.answers.clear();
    assert.equal(label.ok, false);
    assert.match(
      label.got,
      /the cluster behind context learn-03-03 does not answer: .*connection refused.*minikube status -p learn-03-03/,
    );
  });

  it("finds a namespace that is not in the mesh", async () => {
    const key = keyOf("Namespace", undefined, "mango");
    const namespace = cluster.objects.get(key);
    assert.equal(find(await run(cluster), "Namespace mango in the ambient mesh").ok, true);
    cluster.objects.set(key, { ...namespace, metadata: { name: "mango", labels: {} } });
    const label = find(await run(cluster), "Namespace mango in the ambient mesh");
    assert.deepEqual([label.ok, label.got], [false, "no such label"]);
    if (namespace) cluster.objects.set(key, namespace);
  });

  it("looks again at what is not so yet until the time is over, and tells of it", async () => {
    const lines: string[] = [];
    const { prototype, outputs, kubectl } = cluster;
    await verify({
      prototype,
      outputs,
      kubectl,
      wait: 1,
      report: (line) => lines.push(line),
      ways: new Ways(kubectl, unreachable),
    });
    assert.ok(
      lines.some((line) => /of \d+ not as promised yet; 1 s left/.test(line)),
      lines.join("\n"),
    );
  });

  it("sums up in a table and points to the doctor", async () => {
    const text = resultsText("learn-03-03", await run(cluster));
    assert.match(text, /✓ {2}GET https:\/\/mango\.example\.com\/mango/);
    assert.match(text, /promises not kept; `npm run doctor -- learn-03-03`/);
  });
});

describe("verify, claims", () => {
  let cluster: RehearsedCluster;
  before(async () => {
    cluster = await clusterOfRehearsal("learn-06");
  });
  after(async () => cluster.close());

  const etcdAnswers = (value: string) => {
    cluster.answers.clear();
    cluster.objects.set("pod kube-system/etcd-learn-06", {
      metadata: { name: "etcd-learn-06", namespace: "kube-system", labels: { component: "etcd" } },
    });
    cluster.answers.set(/exec etcd-learn-06 .* get \/registry\/secrets\/default\/a-secret/, {
      code: 0,
      stdout: value,
      stderr: "",
    });
  };

  it("accepts ciphertext in etcd and refuses clear text", async () => {
    etcdAnswers("k8s:enc:secretbox:v1:key1:\u0001\u0002");
    assert.equal(find(await run(cluster), "etcd /registry/secrets/default/a-secret").ok, true);
    etcdAnswers("k8s\u0000\n\fv1Secretsupersecret");
    const clear = find(await run(cluster), "etcd /registry/secrets/default/a-secret");
    assert.equal(clear.ok, false);
    assert.match(clear.got, /^begins with k8s·/);
  });

  it("reads the Secret back through the API server", async () => {
    cluster.objects.set("secret default/a-secret", { data: { key1: Buffer.from("supersecret").toString("base64") } });
    assert.equal(find(await run(cluster), "Secret default/a-secret, key1").ok, true);
  });
});

describe("ztunnel's view", () => {
  it("lists the pods of a namespace with their protocol and leaves gateways out", () => {
    const dump = {
      workloads: {
        a: { name: "mango-1", namespace: "mango", workloadName: "mango", protocol: "HBONE" },
        b: { name: "mango-gateway-istio-1", namespace: "mango", workloadName: "mango-gateway-istio", protocol: "TCP" },
        c: { name: "other", namespace: "other", workloadName: "other", protocol: "TCP" },
      },
    };
    assert.deepEqual(workloadsOf(dump, "mango"), [{ name: "mango-1", protocol: "HBONE" }]);
  });
});
