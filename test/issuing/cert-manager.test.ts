import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { CertManager } from "../../lab/issuing/cert-manager.ts";
import { IssuedCertificates } from "../../lab/issuing/certificate-store.ts";
import { VaultStandIn } from "../../lab/issuing/vault.ts";
import { parseManifests } from "../../lab/manifests/parse.ts";
import { buildTopology } from "../../lab/topology/topology.ts";

const ISSUERS = `
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: root, namespace: fruit }
spec: { selfSigned: {} }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: ca, namespace: fruit }
spec:
  isCA: true
  commonName: fruit root
  secretName: ca
  duration: 87600h
  privateKey: { algorithm: ECDSA, size: 384 }
  issuerRef: { name: root }
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: ca, namespace: fruit }
spec: { ca: { secretName: ca } }
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: vault, namespace: fruit }
spec:
  vault:
    server: https://vault.vault.svc:8200
    path: pki/sign/web
    auth: { kubernetes: { role: web, serviceAccountRef: { name: web } } }
`;

function leaf(name: string, spec: string): string {
  return `
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: ${name}, namespace: fruit }
spec: { secretName: ${name}, ${spec} }
`;
}

async function vaultFor(role: object, audience = "vault://fruit/vault"): Promise<VaultStandIn> {
  const vault = new VaultStandIn();
  vault.mount("pki", "pki");
  await vault.makeAuthority({ mount: "pki", commonName: "vault root", ttl: 48 * 3600 });
  vault.write("pki/roles/web", { require_cn: false, key_type: "any", allowed_domains: ["example.com"], ...role });
  vault.write("sys/policies/acl/web", { policy: 'path "pki/sign/web" { capabilities = ["update"] }' });
  vault.write("auth/kubernetes/role/web", {
    bound_service_account_names: ["web"],
    bound_service_account_namespaces: ["fruit"],
    audience,
    token_policies: ["web"],
  });
  return vault;
}

function issuing(manifests: string, vault = new VaultStandIn()) {
  const { objects, mistakes } = parseManifests(`${ISSUERS}${manifests}`, "test.yaml");
  assert.deepEqual(mistakes, []);
  const topology = buildTopology(objects);
  const certManager = new CertManager(topology, vault);
  const store = new IssuedCertificates(certManager);
  const refusal = async (name: string) => {
    const answer = await store.certificate({ namespace: "fruit", name });
    return "refused" in answer ? answer.refused : undefined;
  };
  return { store, certManager, refusal };
}

describe("certificates along the declared chain", () => {
  it("come from the declared authority with the declared names, lifetime and key type", async () => {
    const { store } = issuing(
      leaf(
        "apple",
        "dnsNames: [apple.example.com, localhost], ipAddresses: [127.0.0.1], duration: 48h, usages: [server auth], privateKey: { algorithm: ECDSA, size: 256 }, subject: { organizations: [orchard] }, issuerRef: { name: ca }",
      ),
    );
    const answer = await store.certificate({ namespace: "fruit", name: "apple" });
    assert("chain" in answer);
    const made = new X509Certificate(answer.chain);
    const [authority] = store.trusted().map((pem) => new X509Certificate(pem));
    assert(authority);
    assert.equal(authority.subject, "CN=fruit root");
    assert(made.checkIssued(authority) && made.verify(authority.publicKey));
    assert.equal(made.subjectAltName, "DNS:apple.example.com, DNS:localhost, IP Address:127.0.0.1");
    assert.equal(made.subject, "O=orchard");
    assert.deepEqual(made.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
    assert.equal(made.ca, false);
    assert.equal(made.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
    assert.equal(authority.publicKey.asymmetricKeyDetails?.namedCurve, "secp384r1");
    assert.equal(Date.parse(made.validTo) - Date.parse(made.validFrom), 48 * 3600 * 1000);
    assert(made.checkPrivateKey(createPrivateKey(answer.key)));
    assert.equal(answer.chain.split("BEGIN CERTIFICATE").length - 1, 1, "the self-signed root is left out");
  });

  it("are made once for each Secret", async () => {
    const { store } = issuing(
      leaf("apple", "dnsNames: [a.example.com], privateKey: { algorithm: ECDSA }, issuerRef: { name: ca }"),
    );
    const [one, two] = await Promise.all([1, 2].map(() => store.certificate({ namespace: "fruit", name: "apple" })));
    assert.equal(one, two);
  });

  it("hold RSA keys with 2048 bits unless told otherwise", async () => {
    const { store } = issuing(leaf("apple", "dnsNames: [a.example.com], issuerRef: { name: ca }"));
    const answer = await store.certificate({ namespace: "fruit", name: "apple" });
    assert("chain" in answer);
    assert.equal(new X509Certificate(answer.chain).publicKey.asymmetricKeyDetails?.modulusLength, 2048);
  });

  it("come from Vault when its role allows the names, with the lifetime the role leaves", async () => {
    const vault = await vaultFor({ allow_subdomains: true, max_ttl: "12h" });
    const { store } = issuing(
      leaf(
        "pear",
        "dnsNames: [pear.example.com], duration: 24h, privateKey: { algorithm: ECDSA }, issuerRef: { name: vault }",
      ),
      vault,
    );
    const answer = await store.certificate({ namespace: "fruit", name: "pear" });
    assert("chain" in answer, JSON.stringify(answer));
    const made = new X509Certificate(answer.chain);
    assert.equal(made.issuer, "CN=vault root");
    assert.equal(Date.parse(made.validTo) - Date.parse(made.validFrom), (12 * 3600 + 30) * 1000);
  });

  it("are refused with the reason of Vault's role", async () => {
    const pear = (names: string) =>
      leaf("pear", `dnsNames: [${names}], duration: 24h, privateKey: { algorithm: ECDSA }, issuerRef: { name: vault }`);
    const { refusal } = issuing(pear("pear.example.com"), await vaultFor({}));
    assert.equal(
      await refusal("pear"),
      "Certificate fruit/pear: Vault failed to sign certificate: failed to sign certificate by vault: subject alternate name pear.example.com not allowed by this role",
    );
    const longer = issuing(
      pear("pear.example.com").replace("24h", "72h"),
      await vaultFor({ allow_subdomains: true, max_ttl: "72h" }),
    );
    assert.match((await longer.refusal("pear")) ?? "", /cannot satisfy request, as TTL would result in notAfter of /);
  });

  it("are refused when the issuer's login is", async () => {
    const pear = leaf("pear", "dnsNames: [pear.example.com], issuerRef: { name: vault }");
    const { refusal } = issuing(pear, await vaultFor({ allow_subdomains: true }, "vault://fruit/other"));
    assert.match((await refusal("pear")) ?? "", /Failed to initialise vault client for signing: .* invalid audience/);
  });

  it("are refused when an issuer is missing, cannot sign, or waits for itself", async () => {
    const { refusal, store } = issuing(
      [
        leaf("lost", "dnsNames: [a.example.com], issuerRef: { name: nobody }"),
        leaf("mere", "dnsNames: [b.example.com], privateKey: { algorithm: ECDSA }, issuerRef: { name: ca }"),
        "---\napiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: { name: mere, namespace: fruit }\nspec: { ca: { secretName: mere } }\n",
        leaf("below", "dnsNames: [c.example.com], issuerRef: { name: mere }"),
        "---\napiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: { name: circle, namespace: fruit }\nspec: { ca: { secretName: circle } }\n",
        leaf("circle", "isCA: true, commonName: circle, issuerRef: { name: circle }"),
        "---\napiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: { name: empty, namespace: fruit }\nspec: { ca: { secretName: nothing } }\n",
        leaf("unsigned", "dnsNames: [d.example.com], issuerRef: { name: empty }"),
      ].join(""),
    );
    assert.equal(
      await refusal("lost"),
      'Certificate fruit/lost: Referenced "Issuer" not found: issuer.cert-manager.io "nobody" not found',
    );
    assert.match((await refusal("below")) ?? "", /signing certificate is not a CA/);
    assert.match((await refusal("circle")) ?? "", /through its issuers, by itself/);
    assert.match((await refusal("unsigned")) ?? "", /Referenced secret fruit\/nothing not found/);
    assert.match((await refusal("other")) ?? "", /no Certificate fills Secret fruit\/other/);
    assert.equal(store.problem({ namespace: "fruit", name: "lost" }), await refusal("lost"));
  });
});
