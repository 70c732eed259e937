import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { createAuthorities } from "../../components/pki/authorities.ts";
import { Platform } from "../../components/platform/platform.ts";
import { leavesOf } from "../../config/derive/certificates.ts";
import type { Prototype } from "../../config/schema.ts";
import { resolveVersions } from "../../config/versions.ts";
import { record } from "../support/registrations.ts";
import { loadPrototype } from "../support/stack-files.ts";

/** Registers a stack's platform, authorities and leaves. */
function issued(prototype: Prototype) {
  return record(() => {
    const provider = new Provider("cluster-kubernetes", { context: "learn" });
    const opts = { providers: { kubernetes: provider } };
    const identifier = pulumi.output("learn-1");
    const cluster = { context: "learn", identifier, containerRuntime: "containerd", addresses: "none" as const };
    const { metallb: _, ...parts } = prototype.platform;
    const platform = new Platform(
      { prototype: { ...prototype, platform: parts }, versions: resolveVersions(), cluster, offline: true },
      opts,
    );
    const authorities = createAuthorities({ prototype, platform, inNamespace: () => [] }, opts);
    for (const { issuer, secret, ...leaf } of leavesOf(prototype)) {
      authorities[issuer]?.issue({ ...leaf, secretName: secret });
    }
  });
}

describe("authorities", () => {
  it("that ask Vault wait for cert-manager and, in Vault, for their login, their role and the authority behind it", async () => {
    const recorded = await issued(loadPrototype("learn-05"));
    const waits = recorded.dependenciesOf("issuer-mango-mango-issuer");
    for (const needed of [
      "cert-manager-release",
      "vault-configure-login-mango-issuer",
      "vault-configure-role-pki_int-mango-issuer",
      "vault-configure-pki-pki_int",
      "role-mango-mango-issuer-token",
      "rolebinding-mango-mango-issuer-token",
      "secret-mango-mango-issuer-vault-ca",
      "serviceaccount-mango-mango-issuer",
    ])
      assert.ok(waits.includes(needed), `${needed} is missing in ${waits}`);
    assert.deepEqual(recorded.dependenciesOf("certificate-nginx-nginx-tls"), ["issuer-nginx-nginx-issuer"]);
  });

  it("that are self-signed need cert-manager and no Vault", async () => {
    const recorded = await issued(loadPrototype("learn-03-04"));
    assert.ok(recorded.dependenciesOf("issuer-mango-mango-ca-root").includes("cert-manager-release"));
    assert.deepEqual(recorded.dependenciesOf("issuer-mango-mango-ca"), ["certificate-mango-mango-ca-root"]);
    assert.ok(!recorded.registrations.some(({ name }) => name.startsWith("vault")));
  });

  it("of the program itself put leaf, authority and key into a Secret, and need nothing in the cluster", async () => {
    const recorded = await issued(loadPrototype("learn-03-03"));
    const secret = recorded.named("secret-mango-mango-https-tls");
    assert.equal(secret.inputs.type, "kubernetes.io/tls");
    const data = secret.inputs.stringData as Record<string, string>;
    const [leaf, ca] = (data["tls.crt"] ?? "")
      .split(/(?<=-----END CERTIFICATE-----)\s+/)
      .filter((pem) => pem !== "")
      .map((pem) => new X509Certificate(pem));
    assert.ok(leaf && ca);
    assert.ok(leaf.verify(ca.publicKey), "the leaf is signed by the authority behind it");
    assert.equal(leaf.ca, false);
    assert.equal(ca.ca, true);
    assert.equal(ca.subject, "CN=example.com");
    assert.equal(leaf.checkHost("mango.example.com"), "mango.example.com");
    assert.equal(new X509Certificate(data["ca.crt"] ?? "").fingerprint256, ca.fingerprint256);
    assert.ok(!recorded.registrations.some(({ type }) => type.includes("cert-manager")));
  });
});
