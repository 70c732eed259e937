import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { Fields } from "../../lab/manifests/fields.ts";
import { UNKNOWN } from "../../lab/manifests/unknown.ts";
import { ASSUMED } from "../../lab/topology/known.ts";
import type { Topology } from "../../lab/topology/model.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import { check } from "../../lab/wiring/check.ts";
import type { Finding } from "../../lab/wiring/finding.ts";
import { checkWiring } from "../../lab/wiring/wiring.ts";
import { PEM_PAIR } from "../support/pem-pair.ts";
import { objects } from "./example.ts";

const GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gate }
spec:
  gatewayClassName: istio
  listeners:
    - { name: http, port: 80, protocol: HTTP }
    - { name: https, port: 443, protocol: HTTPS, hostname: shared.example.com, tls: { certificateRefs: [{ name: pair }] } }
`;
const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec: { ingressClassName: nginx, tls: [{ hosts: [shared.example.com], secretName: pair }] }
`;

function usedBy(user: string, values: Fields): Topology {
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "pair" }, type: "kubernetes.io/tls", ...values };
  return buildTopology([...objects(user), { object: secret }], ASSUMED);
}

function findings(user: string, values: Fields): Finding[] {
  return checkWiring(usedBy(user, values));
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
const encoded = { "tls.crt": base64(PEM_PAIR["tls.crt"]), "tls.key": base64(PEM_PAIR["tls.key"]) };
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const otherKey = privateKey.export({ format: "pem", type: "pkcs8" });
const sealedKey = privateKey.export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: "x" });

const BROKEN: [title: string, values: Fields, found: RegExp, fix: RegExp][] = [
  [
    "text that is no PEM",
    { stringData: { ...PEM_PAIR, "tls.crt": "<YOUR CERT>" } },
    /tls\.crt .* no line -----B/,
    /^put/,
  ],
  ["an empty certificate", { data: { ...encoded, "tls.crt": "" } }, /tls\.crt .* it is empty$/, /^put the certificate/],
  ["an empty key", { data: { ...encoded, "tls.key": "" } }, /tls\.key .* it is empty$/, /^put the private key/],
  ["what is not base64", { data: { ...encoded, "tls.crt": "<CERT>" } }, /tls\.crt .* it is not base64$/, /^put/],
  ["PEM text as data", { data: PEM_PAIR }, /PEM text that is not base64/, /^move tls\.crt from data to stringData$/],
  ["base64 as stringData", { stringData: encoded }, /holds base64 instead/, /^move tls\.crt from stringData to data$/],
  [
    "base64 of base64",
    { data: { ...encoded, "tls.key": base64(encoded["tls.key"]) } },
    /tls\.key .* base64-encoded twice$/,
    /^decode tls\.key once/,
  ],
  ["a key as certificate", { stringData: { ...PEM_PAIR, "tls.crt": otherKey } }, /it holds a PRIVATE KEY$/, /^put/],
  [
    "a torn certificate",
    { stringData: { ...PEM_PAIR, "tls.crt": PEM_PAIR["tls.crt"].replace(/\n.{20}/, "\n") } },
    /tls\.crt .* cannot be read$/,
    /^put the certificate/,
  ],
  ["a key with a passphrase", { stringData: { ...PEM_PAIR, "tls.key": sealedKey } }, /has a passphrase/, /^decrypt it/],
  ["another key", { stringData: { ...PEM_PAIR, "tls.key": otherKey } }, /is not the key of its tls\.crt$/, /together/],
];

describe("a TLS Secret", () => {
  for (const [title, values, found, fix] of BROKEN) {
    it(`with ${title} is an error of the listener that uses it`, () => {
      const [finding, ...rest] = findings(GATEWAY, values);
      assert.deepEqual(rest, []);
      assert.deepEqual([finding?.rule, finding?.severity], ["W12", "error"]);
      assert.equal(finding?.path, "/spec/listeners/1/tls/certificateRefs/0");
      assert.deepEqual(finding?.to, { kind: "Secret", namespace: "default", name: "pair" });
      assert.match(finding?.message ?? "", /^listener https: .* is refused \(InvalidCertificateRef\): /);
      assert.match(finding?.message ?? "", found);
      assert.match(finding?.fix ?? "", fix);
    });

    it(`with ${title} is an error of the Ingress that uses it`, () => {
      const [finding, ...rest] = findings(INGRESS, values);
      assert.deepEqual(rest, []);
      assert.deepEqual([finding?.rule, finding?.severity, finding?.path], ["I3", "error", "/spec/tls/0/secretName"]);
      assert.match(finding?.message ?? "", /the controller serves its own fake certificate$/);
    });
  }

  for (const [user, manifests, rule] of [
    ["listener", GATEWAY, "W12"],
    ["Ingress", INGRESS, "I3"],
  ] as const) {
    it(`is told of once, by the ${user} that uses it, where an entry is no base64`, async () => {
      const fields = async (values: Fields) =>
        (await check(usedBy(manifests, values))).map(({ rule, path, toPath }) => [rule, toPath ?? path]);
      const crt = { ...encoded, "tls.crt": "<CERT>" };
      assert.deepEqual(await fields({ data: crt }), [[rule, "/data/tls.crt"]]);
      assert.deepEqual(await fields({ data: { ...encoded, "tls.key": "<KEY>" } }), [[rule, "/data/tls.key"]]);
      assert.deepEqual(await fields({ data: { ...crt, "tls.key": "<KEY>" } }), [
        [rule, "/data/tls.crt"],
        ["SCHEMA", "/data/tls.key"],
      ]);
      assert.deepEqual(await fields({ data: crt, stringData: { "tls.crt": "<CERT>" } }), [
        [rule, "/stringData/tls.crt"],
        ["SCHEMA", "/data/tls.crt"],
      ]);
    });
  }

  it("never shows what it holds", () => {
    const told = JSON.stringify(BROKEN.flatMap(([, values]) => findings(GATEWAY, values)));
    const [, line = ""] = PEM_PAIR["tls.key"].split("\n");
    assert.ok(!told.includes(line) && !told.includes("YOUR CERT"));
  });

  for (const [title, values] of [
    ["as text", { stringData: PEM_PAIR }],
    ["as base64", { data: encoded }],
    ["that is not known yet", { data: { "tls.crt": UNKNOWN, "tls.key": UNKNOWN } }],
    ["whose key is not known yet", { data: { ...encoded, "tls.key": UNKNOWN } }],
    ["that one not known yet replaces", { data: { ...encoded, "tls.key": "" }, stringData: { "tls.key": UNKNOWN } }],
  ] as const) {
    it(`with a pair ${title} holds`, () => {
      assert.deepEqual([...findings(GATEWAY, values), ...findings(INGRESS, values)], []);
    });
  }

  it("has the names of the certificate that will win", () => {
    const gateway = GATEWAY.replace("shared.example.com", "other.example.com");
    const rules = (values: Fields) => findings(gateway, values).map(({ rule }) => rule);
    assert.deepEqual(rules({ data: encoded }), ["W14"]);
    assert.deepEqual(rules({ data: { "tls.crt": UNKNOWN }, stringData: PEM_PAIR }), ["W14"]);
    assert.deepEqual(rules({ data: encoded, stringData: { "tls.crt": UNKNOWN } }), []);
  });
});
