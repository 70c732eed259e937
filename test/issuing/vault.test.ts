import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { readRole } from "../../lab/issuing/pki-role.ts";
import { decideSigning, type SigningRequest } from "../../lab/issuing/pki-sign.ts";
import { VaultStandIn } from "../../lab/issuing/vault.ts";
import { grants, readPolicy } from "../../lab/issuing/vault-policy.ts";
import { generateKey, type Key, toPem } from "../../lab/issuing/x509.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const HOUR = 3600;
const request: SigningRequest = {
  commonName: "",
  dnsNames: ["a.example.com"],
  ipAddresses: [],
  uris: [],
  key: { algorithm: "ECDSA", size: 256 },
  ttlSeconds: 24 * HOUR,
};
const written = {
  allowed_domains: ["example.com"],
  allow_subdomains: true,
  allow_localhost: false,
  allow_ip_sans: false,
  require_cn: false,
  key_type: "ec",
  key_bits: 256,
  max_ttl: 48 * HOUR,
  client_flag: false,
};
const limits = {
  notBefore: new Date(NOW.getTime() - HOUR * 1000),
  notAfter: new Date(NOW.getTime() + 1000 * HOUR * 1000),
  defaultTtlSeconds: 768 * HOUR,
  maxTtlSeconds: 768 * HOUR,
};

function refusal(role: Record<string, unknown>, change: Partial<SigningRequest>, signer = limits): string | undefined {
  const decision = decideSigning(readRole({ ...written, ...role }), { ...request, ...change }, signer, NOW);
  return "refused" in decision ? decision.refused : undefined;
}

describe("what Vault's sign/<role> makes of a request", () => {
  // Wording: hashicorp/vault builtin/logical/pki/issuing/{sign_cert,issue_common}.go
  it("refuses in Vault's own words", () => {
    assert.equal(refusal({}, {}), undefined);
    assert.equal(refusal({}, { commonName: "b.org" }), "common name b.org not allowed by this role");
    assert.equal(refusal({}, { dnsNames: ["b.org"] }), "subject alternate name b.org not allowed by this role");
    assert.equal(
      refusal({}, { ipAddresses: ["127.0.0.1"] }),
      "IP Subject Alternative Names are not allowed in this role, but was provided some via CSR",
    );
    assert.equal(
      refusal({}, { uris: ["spiffe://a"] }),
      "URI Subject Alternative Names are not allowed in this role, but were provided via CSR",
    );
    assert.equal(
      refusal({ allowed_uri_sans: ["spiffe://a/*"] }, { uris: ["spiffe://b/c"] }),
      "URI Subject Alternative Names were provided via CSR which are not valid for this role",
    );
    assert.match(refusal({ require_cn: true }, {}) ?? "", /^the common_name field is required, or must be provided/);
    assert.equal(refusal({}, { key: { algorithm: "RSA", size: 2048 } }), "role requires keys of type ec");
    assert.equal(refusal({ key_bits: 384 }, {}), "role requires a minimum of a 384-bit key, but CSR's key is 256 bits");
    assert.equal(
      refusal({ key_type: "any" }, { key: { algorithm: "RSA", size: 1024 } }),
      "RSA keys < 2048 bits are unsafe and not supported",
    );
  });

  it("tells a wrong key before a wrong name, and a common name before the others", () => {
    const bad = { commonName: "b.org", dnsNames: ["c.org"], ipAddresses: ["10.0.0.1"] };
    assert.equal(refusal({ key_type: "rsa" }, bad), "role requires keys of type rsa");
    assert.equal(refusal({}, bad), "common name b.org not allowed by this role");
  });

  it("cuts a lifetime at max_ttl, but refuses one beyond the authority's", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3000 }), (asked, longest) => {
        const role = readRole({ ...written, max_ttl: `${longest}h` });
        const decision = decideSigning(role, { ...request, ttlSeconds: asked * HOUR }, limits, NOW);
        const hours = Math.min(asked, longest);
        if (hours > 1000) {
          assert("refused" in decision);
          const end = new Date(NOW.getTime() + hours * HOUR * 1000).toISOString().replace(".000Z", "Z");
          assert.equal(
            decision.refused,
            `cannot satisfy request, as TTL would result in notAfter of ${end} that is beyond the expiration of the CA certificate at ${limits.notAfter.toISOString().replace(".000Z", "Z")}`,
          );
          return;
        }
        assert("content" in decision);
        assert.equal(decision.content.notAfter.getTime(), NOW.getTime() + hours * HOUR * 1000);
        assert.deepEqual(
          decision.warnings,
          asked > longest
            ? [`TTL "${asked}h0m0s" is longer than permitted maxTTL "${longest}h0m0s", so maxTTL is being used`]
            : [],
        );
      }),
    );
  });

  it("takes the role's, then the mount's lifetime when none is asked for", () => {
    const of = (role: Record<string, unknown>) => {
      const decision = decideSigning(readRole({ ...written, ...role }), { ...request, ttlSeconds: 0 }, limits, NOW);
      return "content" in decision ? (decision.content.notAfter.getTime() - NOW.getTime()) / 1000 / HOUR : undefined;
    };
    assert.equal(of({ ttl: "7h" }), 7);
    assert.equal(of({ max_ttl: 0 }), 768);
    assert.equal(of({}), 48);
  });

  it("begins 30 seconds early, for servers only when client_flag is off, and with no word about authorities", () => {
    const decision = decideSigning(readRole(written), request, limits, NOW);
    assert("content" in decision);
    const { notBefore, extendedKeyUsages, keyUsages, basicConstraints } = decision.content;
    assert.equal(notBefore.getTime(), NOW.getTime() - 30_000);
    assert.deepEqual(extendedKeyUsages, ["1.3.6.1.5.5.7.3.1"]);
    assert.deepEqual(keyUsages, ["digitalSignature", "keyAgreement", "keyEncipherment"]);
    assert.equal(basicConstraints, false);
  });
});

describe("the Vault of a rehearsal", () => {
  let key: Key;
  before(async () => {
    key = await generateKey({ algorithm: "ECDSA", size: 256 });
  });

  async function configured(): Promise<VaultStandIn> {
    const vault = new VaultStandIn();
    vault.mount("pki", "pki");
    vault.write("sys/mounts/pki/tune", { max_lease_ttl: 87600 * HOUR });
    await vault.makeAuthority({ mount: "pki", commonName: "example.com", ttl: 87600 * HOUR });
    vault.mount("pki_int", "pki");
    vault.write("sys/mounts/pki_int/tune", { max_lease_ttl: 43800 * HOUR });
    await vault.makeAuthority({
      mount: "pki_int",
      commonName: "Int Authority",
      ttl: 43800 * HOUR,
      signer: "pki",
      maxPathLength: 0,
    });
    vault.write("pki_int/config/urls", {
      issuing_certificates: ["https://vault/v1/pki_int/ca"],
      crl_distribution_points: ["https://vault/v1/pki_int/crl"],
      ocsp_servers: ["https://vault/v1/pki_int/ocsp"],
    });
    vault.write("pki_int/roles/web", written);
    vault.write("sys/policies/acl/sign-web", { policy: 'path "pki_int/sign/web" {\n  capabilities = ["update"]\n}\n' });
    vault.write("auth/kubernetes/role/web", {
      bound_service_account_names: ["web"],
      bound_service_account_namespaces: ["fruit"],
      audience: "vault://fruit/web",
      token_policies: ["sign-web"],
      token_no_default_policy: true,
    });
    return vault;
  }

  it("issues root, intermediate and leaf that verify each other, with the declared lifetimes", async () => {
    const vault = await configured();
    const signed = await vault.sign("pki_int", "web", request, key.pair.publicKey, ["sign-web"]);
    assert("certificate" in signed);
    const [leaf, intermediate, root] = [signed.certificate, ...signed.chain].map(
      (one) => new X509Certificate(toPem(one)),
    );
    assert(leaf && intermediate && root);
    assert(leaf.checkIssued(intermediate) && leaf.verify(intermediate.publicKey));
    assert(intermediate.checkIssued(root) && intermediate.verify(root.publicKey));
    assert(root.verify(root.publicKey));
    assert.deepEqual([leaf.ca, intermediate.ca, root.ca], [false, true, true]);
    assert.equal(root.subjectAltName, "DNS:example.com");
    assert.equal(intermediate.subjectAltName, undefined, "a name with spaces is no host");
    assert.equal(leaf.subjectAltName, "DNS:a.example.com");
    assert.match(leaf.infoAccess ?? "", /CA Issuers - URI:https:\/\/vault\/v1\/pki_int\/ca/);
    const days = (one: X509Certificate) => Math.round((Date.parse(one.validTo) - Date.now()) / 1000 / HOUR / 24);
    assert.deepEqual([leaf, intermediate, root].map(days), [1, 1825, 3650]);
  });

  it("ends an intermediate with its signer", async () => {
    const vault = new VaultStandIn();
    vault.mount("pki", "pki");
    const root = await vault.makeAuthority({ mount: "pki", commonName: "short", ttl: 10 * HOUR });
    vault.mount("int", "pki");
    const below = await vault.makeAuthority({ mount: "int", commonName: "long", ttl: 100 * HOUR, signer: "pki" });
    assert.equal(below.certificate.notAfter.getTime(), root.certificate.notAfter.getTime());
  });

  it("lets in the token that a role is bound to and no other", async () => {
    const vault = await configured();
    const token = { namespace: "fruit", serviceAccount: "web", audiences: ["https://vault", "vault://fruit/web"] };
    assert.deepEqual(vault.login("kubernetes", "web", token), { policies: ["sign-web"] });
    const refused = (role: string, change: Partial<typeof token>) => {
      const login = vault.login("kubernetes", role, { ...token, ...change });
      return "refused" in login ? login.refused : undefined;
    };
    assert.equal(refused("wbe", {}), 'invalid role name "wbe"');
    assert.equal(refused("web", { namespace: "nuts" }), "namespace not authorized");
    assert.equal(refused("web", { serviceAccount: "default" }), "service account name not authorized");
    assert.match(refused("web", { audiences: ["vault://nuts/web"] }) ?? "", /^invalid audience/);
  });

  it("signs for nobody whose policies do not say so, and for no role or engine that is not there", async () => {
    const vault = await configured();
    const refused = async (mount: string, role: string, policies?: string[]) => {
      const signed = await vault.sign(mount, role, request, key.pair.publicKey, policies);
      return "refused" in signed ? signed.refused : undefined;
    };
    assert.equal(await refused("pki_int", "web", []), "permission denied");
    assert.equal(await refused("pki", "web", ["sign-web"]), "permission denied");
    assert.equal(await refused("pki_int", "wbe"), "unknown role: wbe");
    assert.equal(await refused("pki_x", "web"), 'no handler for route "pki_x/sign/web". route entry not found.');
  });

  it("reads policies with the most specific path first, and deny above all", () => {
    const rules = readPolicy(
      'path "pki/*" { capabilities = ["update", "read"] }\npath "pki/sign/secret" { capabilities = ["deny"] }\npath "kv/+/a" { capabilities = ["read"] }',
    );
    assert.equal(grants(rules, "pki/sign/web", "update"), true);
    assert.equal(grants(rules, "pki/sign/secret", "update"), false);
    assert.equal(grants(rules, "kv/data/a", "read"), true);
    assert.equal(grants(rules, "kv/data/b/a", "read"), false);
    assert.equal(grants(rules, "other", "read"), false);
  });

  it("knows the names in a KV secret", async () => {
    const vault = await configured();
    vault.putSecret("secret", "test/apitest", ["username", "password"]);
    assert.deepEqual(vault.secretFields("secret/test/apitest"), ["username", "password"]);
    assert.equal(vault.secretFields("secret/test/other"), undefined);
    assert.equal(vault.secretFields("kv/test"), undefined);
  });
});
