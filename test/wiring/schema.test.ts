import assert from "node:assert/strict";
import { Recorder } from "../../lab/wiring/schema/recorder.ts";
import { checkSchemas } from "../../lab/wiring/schema/schema.ts";
import { objects } from "./example.ts";

const messages = async (yaml: string) => (await checkSchemas(objects(yaml))).map(({ message }) => message);
const named = (kind: string, apiVersion: string, rest: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\n${rest}`;

describe("schemas", () => {
  it("leave kinds alone that they do not know, and free-form fields of those they do", async () => {
    assert.deepEqual(await messages(named("Anything", "example.com/v1", "spec: { a: 1 }")), []);
    assert.deepEqual(await messages(named("Nothing", "v1", "spec: { a: 1 }")), []);
    const webhook =
      "spec: { acme: { server: s, privateKeySecretRef: { name: k }, solvers: [{ dns01: { webhook: { groupName: g, solverName: s, config: { any: { thing: 1 } } } } }] } }";
    assert.deepEqual(await messages(named("ClusterIssuer", "cert-manager.io/v1", webhook)), []);
  });

  it("take maps with any key, quantities, null for absent, and ports by number or name", async () => {
    const pod = `
spec:
  containers:
    - name: a
      image: b
      resources: { requests: { cpu: 1, memory: 64Mi, example.com/gpu: "2" } }
      readinessProbe: { httpGet: { path: /, port: web } }
      livenessProbe: { httpGet: { path: /, port: 80 } }
      env: null
      securityContext: { capabilities: { drop: [ALL] } }
  nodeSelector: { kubernetes.io/os: linux }`;
    assert.deepEqual(await messages(named("Pod", "v1", pod)), []);
    assert.deepEqual(
      await messages(named("Secret", "v1", "type: Opaque\ndata: { a: YQ== }\nstringData: { b.c: d }")),
      [],
    );
    assert.deepEqual(
      await messages(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: { name: a }\nspec: { controllerName: example.com/a, description: b }",
      ),
      [],
    );
  });

  const broken: [kind: string, apiVersion: string, rest: string, message: RegExp][] = [
    ["Service", "v1", "specs: {}", /^unknown field specs: .*nearest known one is spec$/],
    ["Service", "v1", "spec: { ports: [{ prot: 80 }] }", /^spec\.ports\[0\] lacks port$/],
    ["Secret", "v1", "data: { a: not base64 }", /^data\.a is not base64$/],
    ["Secret", "v1", "stringData: { pin: 1234 }", /^stringData\.pin must be of type string, got a Secret's value$/],
    ["Secret", "v1", "data: top-secret", /^data must be of type object, got a Secret's value$/],
    ["ConfigMap", "v1", "data: { a: 1 }", /^data\.a must be of type string, got 1$/],
    [
      "Service",
      "v1",
      "spec: { ports: [{ port: 80, targetPort: true }] }",
      /^spec\.ports\[0\]\.targetPort has none of the allowed forms: true$/,
    ],
    [
      "Issuer",
      "cert-manager.io/v1",
      "spec: { selfSigned: {}, cas: {} }",
      /^unknown field spec\.cas: .*nearest known one is ca$/,
    ],
    [
      "IPAddressPool",
      "metallb.io/v1beta1",
      "spec: { addresses: [] }",
      /^spec\.addresses must NOT have fewer than 1 items/,
    ],
    [
      "L2Advertisement",
      "metallb.io/v1beta1",
      "spec: { ipAddressPool: [a] }",
      /^unknown field spec\.ipAddressPool: .*ipAddressPools$/,
    ],
    ["IPAddressPool", "metallb.io/v1beta1", "{}", /^the object lacks spec$/],
  ];
  for (const [kind, apiVersion, rest, message] of broken) {
    it(`say of a ${kind}: ${message.source}`, async () => {
      const found = await messages(rest === "{}" ? named(kind, apiVersion, "") : named(kind, apiVersion, rest));
      assert.ok(
        found.some((one) => message.test(one)),
        found.join("\n"),
      );
    });
  }
});

describe("the recorder of what a validator reads", () => {
  it("finds what was never read, with the names that could stand there", () => {
    const recorder = new Recorder();
    const value = { known: { a: 1, b: 2 }, list: [{ c: 1, d: 2 }], other: 1 };
    const watched = recorder.watch(value);
    void watched.known.a;
    for (const entry of watched.list) void entry.c;
    assert.deepEqual(
      recorder.unread(value).map(({ pointer, known }) => [pointer, known]),
      [
        ["/known/b", ["a"]],
        ["/list/0/d", ["c"]],
        ["/other", ["known", "list"]],
      ],
    );
  });

  it("takes an object whose keys were gone through for a map, and one never read for free", () => {
    const recorder = new Recorder();
    const value = { map: { x: 1, "a/b": 2 }, free: { y: { z: 1 } } };
    const watched = recorder.watch(value);
    void Object.keys(watched.map);
    void watched.free;
    assert.deepEqual(recorder.unread(value), []);
  });
});
