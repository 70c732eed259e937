import assert from "node:assert/strict";
import fc from "fast-check";
import { certificateManifest, renewBefore } from "../../components/pki/certificate-manifest.ts";
import { selfSignedManifests } from "../../components/pki/self-signed-authority.ts";
import { vaultIssuerManifests } from "../../components/pki/vault-issuer.ts";
import { seconds } from "../../config/derive/durations.ts";
import { vaultConfiguration } from "../../config/derive/vault.ts";
import { loadPrototype } from "../support/stack-files.ts";

const leaf = {
  name: "mango-https-tls",
  namespace: "mango",
  secretName: "mango-https-tls",
  dnsNames: ["mango.example.com", "localhost"],
  ipAddresses: ["127.0.0.1"],
  duration: "2160h",
};

describe("a Certificate", () => {
  it("is for a server, ECDSA P-256 with a new key at each renewal, and signs nothing itself", () => {
    assert.deepEqual(certificateManifest(leaf, "mango-issuer"), {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { name: "mango-https-tls", namespace: "mango" },
      spec: {
        secretName: "mango-https-tls",
        duration: "2160h",
        renewBefore: "720h",
        commonName: "mango.example.com",
        dnsNames: ["mango.example.com", "localhost"],
        ipAddresses: ["127.0.0.1"],
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        usages: ["digital signature", "server auth"],
        issuerRef: { name: "mango-issuer", kind: "Issuer", group: "cert-manager.io" },
      },
    });
  });

  it("has no common name where none of its names fits into one", () => {
    const long = `${"a".repeat(60)}.example.com`;
    const { spec } = certificateManifest({ ...leaf, dnsNames: [long] }, "x");
    assert.ok(!("commonName" in Object(spec)));
  });

  it("is renewed in the last third of its life, whatever its length", () => {
    assert.equal(renewBefore("90m"), "30m");
    assert.equal(renewBefore("100s"), "33s");
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 1e8 }), (life) => {
        const last = seconds(renewBefore(`${life}s`));
        return last >= 1 && last <= life / 3 && last > life / 3 - 61;
      }),
    );
  });
});

describe("a self-signed authority", () => {
  const [root, ca, issuer] = selfSignedManifests("mango-ca", "mango", {
    commonName: "example.com",
    duration: "87600h",
  });

  it("is a chain of three: the CA Certificate is signed by the root Issuer, the CA Issuer signs with its Secret", () => {
    assert.deepEqual(
      [root, ca, issuer].map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
      ["Issuer mango/mango-ca-root", "Certificate mango/mango-ca-root", "Issuer mango/mango-ca"],
    );
    const spec = ca.spec as Record<string, unknown>;
    assert.deepEqual(spec.issuerRef, { name: "mango-ca-root", kind: "Issuer", group: "cert-manager.io" });
    assert.deepEqual(issuer.spec, { ca: { secretName: spec.secretName } });
    assert.equal(spec.isCA, true);
    assert.equal(spec.commonName, "example.com");
    assert.equal(spec.renewBefore, "8760h");
    assert.deepEqual(spec.privateKey, { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" });
  });

  it("is called after itself when the stack gives it no name", () => {
    const [, unnamed] = selfSignedManifests("pear-ca", "pear", { duration: "24h" });
    assert.equal((unnamed.spec as { commonName: string }).commonName, "pear-ca root");
  });
});

describe("an Issuer that asks Vault", () => {
  const { logins } = vaultConfiguration(loadPrototype("learn-05"));
  const login = logins.find(({ issuer }) => issuer === "mango-issuer");
  assert.ok(login);
  const { account, issuer } = vaultIssuerManifests(login, "PEM");

  it("signs with its own role, trusts Vault by a Secret of its namespace, and logs in with its own account", () => {
    assert.deepEqual(issuer.spec, {
      vault: {
        server: "https://vault-active.vault.svc:8200",
        path: "pki_int/sign/mango-issuer",
        caBundleSecretRef: { name: "mango-issuer-vault-ca", key: "ca.crt" },
        auth: {
          kubernetes: {
            role: "mango-issuer",
            mountPath: "/v1/auth/kubernetes",
            serviceAccountRef: { name: "mango-issuer" },
          },
        },
      },
    });
    const secret = account.find(({ kind }) => kind === "Secret");
    assert.deepEqual(secret?.metadata, { name: "mango-issuer-vault-ca", namespace: "mango" });
    assert.deepEqual(secret?.stringData, { "ca.crt": "PEM" });
  });

  it("lets cert-manager mint tokens of that account and of no other", () => {
    const role = account.find(({ kind }) => kind === "Role");
    const binding = account.find(({ kind }) => kind === "RoleBinding");
    assert.deepEqual(role?.rules, [
      { apiGroups: [""], resources: ["serviceaccounts/token"], resourceNames: ["mango-issuer"], verbs: ["create"] },
    ]);
    assert.deepEqual(binding?.roleRef, {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "Role",
      name: role?.metadata.name,
    });
    assert.deepEqual(binding?.subjects, [{ kind: "ServiceAccount", namespace: "cert-manager", name: "cert-manager" }]);
    for (const { metadata } of account) assert.equal(metadata.namespace, "mango");
  });
});
