import assert from "node:assert/strict";
import { randomBytes, X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { x509 } from "../../../lab/issuing/peculiar.ts";
import { readRole } from "../../../lab/issuing/pki-role.ts";
import { decideSigning } from "../../../lab/issuing/pki-sign.ts";
import { textList } from "../../../lab/manifests/fields.ts";
import { context, program } from "../lab/context.ts";
import { Service } from "../lab/service.ts";
import { VaultApi } from "../vault/vault-api.ts";

const RUNS = 1000;
const MOUNT = "agreement";

const label = fc.constantFrom(
  ...["www", "a", "b", "c", "api", "www", "a", "b", "c", "api"],
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
const mostly = fc.constantFrom(true, true, true, false);
const role = fc.record({
  allowed_domains: fc.uniqueArray(domain, { minLength: 2, maxLength: 5 }),
  allow_subdomains: mostly,
  allow_bare_domains: mostly,
  allow_localhost: fc.boolean(),
  allow_ip_sans: mostly,
  allow_wildcard_certificates: mostly,
  enforce_hostnames: fc.boolean(),
  require_cn: fc.boolean(),
  max_ttl: fc.constantFrom(3600, 7_776_000),
});
const request = fc.record({
  commonName: fc.oneof({ weight: 3, arbitrary: fc.constant("") }, { weight: 1, arbitrary: name }),
  dnsNames: fc.uniqueArray(name, { maxLength: 2 }),
  ipAddresses: fc.uniqueArray(fc.constantFrom("127.0.0.1", "10.0.0.7", "::1"), { maxLength: 1 }),
  ttlSeconds: fc.constantFrom(0, 600, 86_400, 400_000_000),
});

/** One real Vault in its development mode: what it signs does not depend on storage or seal. */
class DevelopmentVault {
  readonly token = randomBytes(12).toString("hex");
  private readonly directory = join(context().directory, "development");
  private readonly service: Service;

  constructor() {
    mkdirSync(this.directory, { recursive: true });
    this.service = new Service({
      name: "vault-development",
      command: program("vault"),
      args: [
        ...["server", "-dev", "-dev-tls", `-dev-tls-cert-dir=${this.directory}`, "-dev-no-store-token"],
        ...["-dev-tls-san=vault-active.vault.svc", `-dev-root-token-id=${this.token}`],
      ],
      ready: async () => (await this.api().get("sys/health")).status === 200,
    });
  }

  async start(): Promise<void> {
    await this.service.start();
  }

  stop(): Promise<void> {
    return this.service.stop();
  }

  api(): VaultApi {
    return new VaultApi("127.0.0.1", readFileSync(join(this.directory, "vault-ca.pem"), "utf8"), this.token);
  }
}

describe("Vault's roles and the rehearsal's issuer", function () {
  this.timeout(300_000);
  const vault = new DevelopmentVault();

  before(() => vault.start());
  after(() => vault.stop());

  it(`accept and refuse the same names: ${RUNS} generated roles and requests`, async () => {
    const api = vault.api();
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
          // as cert-manager asks
          exclude_cn_from_sans: "true",
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
});

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
