import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { x509 } from "../../../lab/issuing/peculiar.ts";
import { readRole } from "../../../lab/issuing/pki-role.ts";
import { decideSigning } from "../../../lab/issuing/pki-sign.ts";
import { textList } from "../../../lab/manifests/fields.ts";
import type { Story } from "./story.ts";

const RUNS = 150;
const MOUNT = "agreement";

const label = fc.constantFrom(
  "www",
  "a",
  "mango",
  "x-1",
  "-bad",
  "under_score",
  "UPPER",
  "",
  "xn--bcher-kva",
  "localhost",
  "*",
  "w*",
  "*w",
  "a*b",
  "**",
);
const domain = fc.constantFrom(
  "example.com",
  "Example.com",
  "foo.com",
  "mango",
  "cluster.local",
  "com",
  "localhost",
  "localdomain",
  "mango.svc.cluster.local",
);
const name = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(label, domain).map(([first, rest]) => `${first}.${rest}`) },
  { weight: 2, arbitrary: fc.tuple(label, label, domain).map((parts) => parts.join(".")) },
  { weight: 2, arbitrary: domain },
  { weight: 1, arbitrary: fc.tuple(domain, domain).map((parts) => parts.join(".")) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "evil-example.com",
      "example.com.evil.org",
      "example.com.",
      ".example.com",
      "a..example.com",
      "user@example.com",
    ),
  },
);
const role = fc.record({
  allowed_domains: fc.uniqueArray(domain, { minLength: 1, maxLength: 3 }),
  allow_subdomains: fc.boolean(),
  allow_bare_domains: fc.boolean(),
  allow_localhost: fc.boolean(),
  allow_ip_sans: fc.boolean(),
  allow_wildcard_certificates: fc.boolean(),
  enforce_hostnames: fc.boolean(),
  require_cn: fc.boolean(),
  max_ttl: fc.constantFrom(3600, 7_776_000),
});
const request = fc.record({
  commonName: fc.option(name, { nil: "", freq: 2 }),
  dnsNames: fc.uniqueArray(name, { maxLength: 3 }),
  ipAddresses: fc.uniqueArray(fc.constantFrom("127.0.0.1", "10.0.0.7", "::1"), { maxLength: 1 }),
  ttlSeconds: fc.constantFrom(0, 600, 86_400, 400_000_000),
});

/** Generated roles and requests: what the rehearsal's issuer decides against what real Vault answers. */
export function agreesWithRehearsal(story: Story): void {
  it(`accepts and refuses the same names as the rehearsal's issuer: ${RUNS} generated roles and requests`, async () => {
    const api = await story.api();
    const mounted = await api.post(`sys/mounts/${MOUNT}`, { type: "pki", config: { max_lease_ttl: "8760h" } });
    assert.ok(mounted.status < 300, JSON.stringify(mounted.body));
    const made = await api.post(`${MOUNT}/root/generate/internal`, {
      common_name: "agreement",
      ttl: "8760h",
      key_type: "ec",
    });
    const authority = new X509Certificate(made.body.data.certificate);
    const signer = {
      notBefore: new Date(authority.validFrom),
      notAfter: new Date(authority.validTo),
      defaultTtlSeconds: 2_764_800,
      maxTtlSeconds: 31_536_000,
    };
    const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    const tally = { signed: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(role, request, async (written, asked) => {
        const fields = { ...written, key_type: "ec", key_bits: 256 };
        const answered = await api.post(`${MOUNT}/roles/generated`, fields);
        assert.ok(answered.status < 300, JSON.stringify(answered.body));
        const csr = await x509.Pkcs10CertificateRequestGenerator.create({
          name: asked.commonName === "" ? [] : [{ CN: [asked.commonName] }],
          keys,
          signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
          extensions: extensions(asked),
        });
        const { status, body } = await api.post(`${MOUNT}/sign/generated`, {
          csr: csr.toString("pem"),
          ...(asked.ttlSeconds > 0 ? { ttl: `${asked.ttlSeconds}s` } : {}),
        });
        const decision = decideSigning(
          readRole(fields),
          { ...asked, uris: [], key: { algorithm: "ECDSA", size: 256 } },
          signer,
          new Date(),
        );
        const rehearsed = "refused" in decision ? `refused: ${decision.refused}` : "signed";
        const real = status === 200 ? "signed" : `refused: ${textList(body.errors).join(" ")}`;
        assert.equal(rehearsed.split(":")[0], real.split(":")[0], `rehearsal ${rehearsed}; Vault ${status} ${real}`);
        if (status !== 200 || "refused" in decision) {
          tally.refused++;
          return;
        }
        tally.signed++;
        const leaf = new X509Certificate(body.data.certificate);
        assert.deepEqual((leaf.subjectAltName ?? "").split(", ").filter(Boolean).sort(), names(decision.content));
        assert.ok(
          Math.abs(Date.parse(leaf.validTo) - decision.content.notAfter.getTime()) < 30_000,
          "lifetimes differ",
        );
        assert.equal(leaf.subject ?? "", decision.content.subject.map(([key, value]) => `${key}=${value}`).join("\n"));
      }),
      { numRuns: RUNS, seed: 20_261_123 },
    );
    assert.ok(tally.signed > RUNS / 10 && tally.refused > RUNS / 10, `one-sided: ${JSON.stringify(tally)}`);
  });
}

function extensions({ dnsNames, ipAddresses }: { dnsNames: readonly string[]; ipAddresses: readonly string[] }) {
  const entries = [
    ...dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...ipAddresses.map((value) => ({ type: "ip" as const, value })),
  ];
  return entries.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(entries)];
}

function names({
  dnsNames = [],
  ipAddresses = [],
}: {
  dnsNames?: readonly string[];
  ipAddresses?: readonly string[];
}): string[] {
  const shown = ipAddresses.map((ip) => `IP Address:${ip === "::1" ? "0:0:0:0:0:0:0:1" : ip}`);
  return [...dnsNames.map((dns) => `DNS:${dns}`), ...shown].sort();
}
