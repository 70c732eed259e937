import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { textList } from "../../../lab/manifests/fields.ts";
import {
  CERT_MANAGER,
  installAccounts,
  loggedInAs,
  loginWith,
  mintedBy,
  signedFor,
  signingRequest,
  tokenOf,
  type VaultIssuer,
  vaultCertificates,
  vaultIssuers,
  wantedLeaf,
} from "./cert-manager.ts";
import type { Story } from "./story.ts";

/** Tests that hold for every stack with Vault issuers, run at the point of its story where it is called. */
export function provesIssuing(story: Story): void {
  const issuers = () => vaultIssuers(story);
  const certificates = () => vaultCertificates(story);
  const mint = (issuer: VaultIssuer, changed = {}) => mintedBy(story, issuer, changed);
  const token = (issuer: VaultIssuer, changed = {}) => tokenOf(story, issuer, changed);
  const login = (issuer: VaultIssuer, jwt: string) => loginWith(story, issuer, jwt);
  const loggedIn = (issuer: VaultIssuer) => loggedInAs(story, issuer);

  describe(`issuing for ${story.stack}`, () => {
    before(async () => {
      await installAccounts(story);
      assert.ok(issuers().length >= 2, "the stack has too few Vault issuers");
      assert.ok(certificates().length >= 2, "the stack asks Vault for too few certificates");
    });

    it("logs in with the token that cert-manager mints by the registered Role, and signs", async () => {
      for (const issuer of issuers()) {
        const api = await loggedIn(issuer);
        const request = await signingRequest(story, {
          name: "probe",
          names: [await allowedName(story, issuer)],
          addresses: [],
        });
        const { status, body } = await api.post(issuer.path, request.body);
        assert.equal(status, 200, `${issuer.name}: ${JSON.stringify(body)}`);
      }
    });

    it("lets cert-manager mint tokens for the issuers' accounts and for no other", async () => {
      for (const issuer of issuers()) {
        assert.equal((await mint(issuer, { account: "default" })).status, 403, issuer.name);
      }
      const elsewhere = { ...CERT_MANAGER, account: "vault" };
      const { client } = story.lab.plane;
      const own = await client.serviceAccountToken(elsewhere.namespace, elsewhere.name, []);
      assert.equal((await client.as(own.body.status.token).serviceAccountToken("vault", "vault", [])).status, 403);
    });

    it("refuses another account, another namespace, another audience and an expired token", async () => {
      const { client } = story.lab.plane;
      for (const issuer of issuers()) {
        const audience = `vault://${issuer.namespace}/${issuer.name}`;
        const otherAccount = await client.serviceAccountToken(issuer.namespace, "default", [audience]);
        const otherNamespace = "elsewhere";
        await client.must({ apiVersion: "v1", kind: "Namespace", metadata: { name: otherNamespace } });
        await client.must({
          apiVersion: "v1",
          kind: "ServiceAccount",
          metadata: { name: issuer.account, namespace: otherNamespace },
        });
        const sameNameElsewhere = await client.serviceAccountToken(otherNamespace, issuer.account, [audience]);
        const tokens = {
          "another account": otherAccount.body.status.token,
          "another namespace": sameNameElsewhere.body.status.token,
          "another audience": await token(issuer, { audience: "vault://default/other" }),
          "the API server's own audience": (await client.serviceAccountToken(issuer.namespace, issuer.account, [])).body
            .status.token,
          "an expired token": story.lab.plane.expired(await token(issuer)),
        };
        for (const [what, jwt] of Object.entries(tokens)) {
          const { status } = await login(issuer, jwt);
          assert.ok(status === 403 || status === 400, `${issuer.name}: ${what} gives ${status}`);
        }
      }
    });

    it("refuses a token once its account is deleted and made anew", async () => {
      const [issuer] = issuers();
      assert.ok(issuer);
      const jwt = await token(issuer);
      const { client } = story.lab.plane;
      await client.delete("v1", "ServiceAccount", issuer.namespace, issuer.account);
      await story.lab.applyObjects(
        ({ kind, metadata }) => kind === "ServiceAccount" && metadata.name === issuer.account,
      );
      assert.equal((await login(issuer, jwt)).status, 403);
    });

    it("allows sign/<role> of the issuer and nothing else: no other role, mount, root, key, secret or system path", async () => {
      const all = issuers();
      for (const issuer of all) {
        const api = await loggedIn(issuer);
        const request = await signingRequest(story, {
          name: "policy",
          names: [await allowedName(story, issuer)],
          addresses: [],
        });
        const others = all.filter(({ path }) => path !== issuer.path).map(({ path }) => path);
        const writes = [
          ...others,
          ...[
            `${issuer.mount}/issue/${issuer.role}`,
            `${issuer.mount}/sign-verbatim/${issuer.role}`,
            `${issuer.mount}/sign-verbatim`,
          ],
          ...[
            `${issuer.mount}/roles/${issuer.role}`,
            `${issuer.mount}/root/generate/internal`,
            `${issuer.mount}/root/sign-intermediate`,
          ],
          ...[`pki/root/sign-intermediate`, `secret/data/test/apitest`, "sys/policies/acl/mine", "auth/token/create"],
          ...["auth/kubernetes/role/mine", `${issuer.mount}/revoke`, "sys/seal", `${issuer.mount}/config/urls`],
        ];
        const reads = [
          "secret/data/test/apitest",
          "sys/mounts",
          "sys/policies/acl/admin",
          `${issuer.mount}/roles/${issuer.role}`,
          "auth/token/lookup-self",
        ];
        const allowed: string[] = [];
        for (const path of writes)
          if ((await api.post(path, request.body)).status !== 403) allowed.push(`update ${path}`);
        for (const path of reads) if ((await api.get(path)).status !== 403) allowed.push(`read ${path}`);
        for (const path of ["secret/metadata", `${issuer.mount}/roles`, `${issuer.mount}/keys`])
          if ((await api.send("LIST", path)).status !== 403) allowed.push(`list ${path}`);
        assert.deepEqual(allowed, [], issuer.name);
      }
    });

    it("signs what cert-manager sends for every Certificate: openssl accepts leaf and chain from the exported root", async () => {
      for (const { object, issuer } of certificates()) {
        const name = object.metadata.name;
        const wanted = wantedLeaf(object);
        const signed = await signedFor(story, object, issuer);
        await opensslAccepts(story, name, signed.leaf, signed.between, signed.root, wanted.names[0] ?? "");
        const leaf = new X509Certificate(signed.leaf);
        assert.deepEqual(
          namesIn(leaf),
          [...wanted.names.map((dns) => `DNS:${dns}`), ...wanted.addresses.map((ip) => `IP Address:${ip}`)].sort(),
        );
        assert.equal(leaf.ca, false);
        assert.deepEqual(leaf.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
        const lifetime = (Date.parse(leaf.validTo) - Date.now()) / 1000;
        assert.ok(
          Math.abs(lifetime - wanted.seconds) < 120,
          `${name} lives ${lifetime} s, declared are ${wanted.seconds} s`,
        );
        assert.equal(leaf.publicKey.asymmetricKeyType, "ec");
        assert.equal(leaf.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
      }
    });

    it("refuses names, addresses and keys outside of the role", async () => {
      for (const issuer of issuers()) {
        const api = await loggedIn(issuer);
        const role = (await (await story.api()).get(`${issuer.mount}/roles/${issuer.role}`)).body.data;
        const outside = ["www.elsewhere.org", "example.org", `${textList(role.allowed_domains)[0]}.evil.org`, "*.org"];
        for (const dns of outside) {
          const request = await signingRequest(story, { name: "outside", names: [dns], addresses: [] });
          assert.equal((await api.post(issuer.path, request.body)).status, 400, `${issuer.name} signs ${dns}`);
        }
        if (role.allow_ip_sans === false) {
          const request = await signingRequest(story, {
            name: "address",
            names: [await allowedName(story, issuer)],
            addresses: ["10.0.0.1"],
          });
          assert.equal((await api.post(issuer.path, request.body)).status, 400, `${issuer.name} signs an address`);
        }
        const rsa = await signingRequest(story, {
          name: "rsa",
          names: [await allowedName(story, issuer)],
          addresses: [],
          key: "rsa:2048",
        });
        assert.equal((await api.post(issuer.path, rsa.body)).status, 400, `${issuer.name} signs an RSA key`);
      }
    });

    it("bounds lifetimes: leaf by its role, role by its authority, intermediate by the root", async () => {
      for (const issuer of issuers()) {
        const api = await loggedIn(issuer);
        const root = await story.api();
        const role = (await root.get(`${issuer.mount}/roles/${issuer.role}`)).body.data;
        const request = await signingRequest(story, {
          name: "long",
          names: [await allowedName(story, issuer)],
          addresses: [],
        });
        const { status, body } = await api.post(issuer.path, { ...request.body, ttl: "87600h" });
        assert.equal(status, 200, JSON.stringify(body));
        const leaf = new X509Certificate(body.data.certificate);
        const lifetime = (Date.parse(leaf.validTo) - Date.now()) / 1000;
        assert.ok(
          lifetime <= role.max_ttl && lifetime > role.max_ttl - 120,
          `${issuer.name}: ${lifetime} s of ${role.max_ttl} s`,
        );
        const chain = (body.data.ca_chain ?? [body.data.issuing_ca]).map((pem: string) => new X509Certificate(pem));
        let below = leaf;
        for (const signer of chain) {
          assert.ok(
            Date.parse(below.validTo) <= Date.parse(signer.validTo),
            `${below.subject} outlives ${signer.subject}`,
          );
          assert.ok(below.checkIssued(signer));
          below = signer;
        }
      }
    });
  });
}

/** A DNS name that the issuer's role allows. */
async function allowedName(story: Story, { mount, role }: VaultIssuer): Promise<string> {
  const { body } = await (await story.api()).get(`${mount}/roles/${role}`);
  return `probe.${textList(body.data.allowed_domains)[0]}`;
}

async function opensslAccepts(
  story: Story,
  name: string,
  leaf: string,
  between: readonly string[],
  root: string,
  host: string,
) {
  const file = (suffix: string, content: string) => {
    const path = join(story.lab.directory, "requests", `${name}.${suffix}`);
    writeFileSync(path, `${content.trim()}\n`);
    return path;
  };
  const untrusted = between.length > 0 ? ["-untrusted", file("chain.pem", between.join("\n"))] : [];
  const args = [
    "verify",
    "-x509_strict",
    "-purpose",
    "sslserver",
    "-verify_hostname",
    host,
    "-CAfile",
    file("root.pem", root),
    ...untrusted,
    file("leaf.pem", leaf),
  ];
  const result = await execa("openssl", args, { reject: false });
  assert.equal(result.exitCode, 0, `${name}: ${result.stdout} ${result.stderr}`);
}

function namesIn(certificate: X509Certificate): string[] {
  return (certificate.subjectAltName ?? "").split(", ").sort();
}
