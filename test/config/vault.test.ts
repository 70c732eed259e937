import assert from "node:assert/strict";
import fc from "fast-check";
import { duration, seconds } from "../../config/derive/durations.ts";
import { leafDuration, roleOfIssuer, signPolicy, vaultConfiguration } from "../../config/derive/vault.ts";
import { prototypeSchema } from "../../config/schema.ts";

const prototype = prototypeSchema.parse({
  cluster: { minikube: {} },
  vault: {
    kv: { secret: { "test/apitest": ["username", "password"] } },
    pki: {
      leafs: { commonName: "third", signedBy: "middle", ttl: "90000h", roles: { web: { allowedDomains: ["a.com"] } } },
      middle: { commonName: "second", signedBy: "top", ttl: "20000h" },
      top: { commonName: "first", ttl: "50000h", issuerName: "root-2026" },
    },
  },
  issuers: {
    "own-issuer": { namespace: "mango", vault: { mount: "leafs", allowedDomains: ["b.com"], maxTtl: "24h" } },
    "shared-issuer": { vault: { mount: "leafs", role: "web", audience: "somebody" } },
    local: { local: { commonName: "x" } },
  },
});

describe("what is configured inside Vault", () => {
  const { kv, authorities, logins } = vaultConfiguration(prototype);

  it("makes signers before those they sign, whatever the order in the stack file", () => {
    assert.deepEqual(
      authorities.map(({ mount }) => mount),
      ["top", "middle", "leafs"],
    );
    assert.deepEqual(
      authorities.map(({ signsAuthorities }) => signsAuthorities),
      [true, true, false],
    );
  });

  it("lets no authority outlive its signer", () => {
    assert.deepEqual(
      authorities.map(({ ttl }) => ttl),
      ["50000h", "20000h", "20000h"],
    );
  });

  it("gives an issuer with domains a role of its own name beside the declared ones", () => {
    assert.deepEqual(
      authorities[2]?.roles.map(({ name, allowedDomains, maxTtl }) => [name, allowedDomains, maxTtl]),
      [
        ["web", ["a.com"], "2160h"],
        ["own-issuer", ["b.com"], "24h"],
      ],
    );
    assert.equal(roleOfIssuer(prototype, "shared-issuer")?.name, "web");
  });

  it("binds each login to one account, one namespace and the audience cert-manager asks for", () => {
    assert.deepEqual(logins, [
      {
        issuer: "own-issuer",
        namespace: "mango",
        serviceAccount: "own-issuer",
        audience: "vault://mango/own-issuer",
        mount: "leafs",
        role: "own-issuer",
        policy: "sign-own-issuer",
      },
      {
        issuer: "shared-issuer",
        namespace: "shared-issuer",
        serviceAccount: "shared-issuer",
        audience: "somebody",
        mount: "leafs",
        role: "web",
        policy: "sign-shared-issuer",
      },
    ]);
  });

  it("writes a policy that allows sign/<role> and nothing else", () => {
    assert.equal(
      signPolicy({ mount: "leafs", role: "web" }),
      'path "leafs/sign/web" {\n  capabilities = ["update"]\n}\n',
    );
  });

  it("takes KV engines as they are declared", () => {
    assert.deepEqual(kv, [{ mount: "secret", secrets: [{ path: "test/apitest", fields: ["username", "password"] }] }]);
  });

  it("bounds a leaf's lifetime by its role's", () => {
    assert.equal(leafDuration(prototype, "own-issuer", "2160h"), "24h");
    assert.equal(leafDuration(prototype, "shared-issuer", "90m"), "90m");
    assert.equal(leafDuration(prototype, "local", "9000h"), "9000h");
  });
});

describe("durations", () => {
  it("written in their largest whole unit, are still as long", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), (of) => seconds(duration(of)) === of));
    assert.equal(duration(7200), "2h");
    assert.equal(duration(5400), "90m");
  });

  it("are refused when they are none", () => {
    assert.throws(() => seconds("1d"), /not a duration/);
  });
});
