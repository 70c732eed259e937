import assert from "node:assert/strict";
import { readLiveSet } from "../../lab/doctor/live-set.ts";
import type { Kubectl } from "../../lab/live/kubectl.ts";
import { ASSUMED } from "../../lab/topology/known.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import { checkWiring } from "../../lab/wiring/wiring.ts";
import { PEM_PAIR } from "../support/pem-pair.ts";

const GATEWAY = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "Gateway",
  metadata: { name: "gate", namespace: "edge" },
  spec: {
    gatewayClassName: "istio",
    listeners: [{ name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "pair" }] } }],
  },
};
const data = { "tls.crt": btoa(PEM_PAIR["tls.crt"]), "tls.key": btoa(PEM_PAIR["tls.key"]) };
const SECRET = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "pair", namespace: "edge" },
  type: "kubernetes.io/tls",
  data,
};

/** Answers every question with these objects. */
function cluster(...items: object[]): Kubectl {
  return {
    context: "some-cluster",
    run: async () => ({ code: 0, stdout: JSON.stringify({ items }), stderr: "" }),
    forward: () => Promise.reject(new Error("nothing is forwarded here")),
  };
}

describe("the doctor's view of a cluster", () => {
  it("holds no value of a Secret, and finds nothing wrong with what it does not hold", async () => {
    const { objects } = await readLiveSet(cluster(GATEWAY, SECRET), () => undefined);
    const secret = objects.find(({ kind }) => kind === "Secret");
    assert.deepEqual(Object.keys(secret?.data ?? {}), ["tls.crt", "tls.key"]);
    assert.ok(!Object.values(data).some((value) => JSON.stringify(objects).includes(value)));
    assert.deepEqual(
      checkWiring(
        buildTopology(
          objects.map((object) => ({ object })),
          ASSUMED,
        ),
      ),
      [],
    );
  });

  it("still finds that a Secret lacks its key", async () => {
    const torn = { ...SECRET, data: { "tls.crt": data["tls.crt"] } };
    const { objects } = await readLiveSet(cluster(GATEWAY, torn), () => undefined);
    const findings = checkWiring(
      buildTopology(
        objects.map((object) => ({ object })),
        ASSUMED,
      ),
    );
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ["W12"],
    );
  });
});
