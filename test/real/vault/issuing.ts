import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { configureResult } from "../../../components/commands/vault-steps.ts";
import { fieldsAt, text, textList } from "../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import type { Story } from "./story.ts";
import type { VaultAnswer, VaultApi } from "./vault-api.ts";

/** An Issuer that asks Vault, and what follows from it. */
interface VaultIssuer {
  readonly name: string;
  readonly namespace: string;
  /** `<mount>/sign/<role>` */
  readonly path: string;
  readonly mount: string;
  readonly role: string;
  readonly account: string;
  readonly server: string;
}

const CERT_MANAGER = { namespace: "cert-manager", name: "cert-manager" };

/** Tests that hold for every stack with Vault issuers, run at the point of its story where it is called. */
export function provesIssuing(story: Story): void {
  const objects = (): KubeObject[] => story.registrations.flatMap(({ object }) => (object ? [object] : []));
  const issuers = (): VaultIssuer[] => objects().flatMap(vaultIssuer);
  const certificates = () =>
    objects()
      .filter(({ kind, apiVersion }) => kind === "Certificate" && apiVersion === "cert-manager.io/v1")
      .map((object) => ({ object, issuer: issuers().find((one) => signs(one, object)) }))
      .flatMap(({ object, issuer }) => (issuer ? [{ object, issuer }] : []));

  /** The token that cert-manager asks the API server for: its own account's right, the Issuer's account and audience. */
  async function mint(
    { namespace, account, name, server }: VaultIssuer,
    changed: { account?: string; audience?: string; seconds?: number } = {},
  ) {
    const { client } = story.lab.plane;
    const own = await client.serviceAccountToken(CERT_MANAGER.namespace, CERT_MANAGER.name, []);
    const audiences = changed.audience === undefined ? [`vault://${namespace}/${name}`, server] : [changed.audience];
    return client
      .as(own.body.status.token)
      .serviceAccountToken(namespace, changed.account ?? account, audiences, changed.seconds);
  }
  async function token(issuer: VaultIssuer, changed = {}): Promise<string> {
    const { status, body } = await mint(issuer, changed);
    assert.equal(status, 201, body.message);
    return body.status.token;
  }
  const login = async (issuer: VaultIssuer, jwt: string): Promise<VaultAnswer> =>
    (await story.api()).as(undefined).post("auth/kubernetes/login", { role: issuer.name, jwt });
  async function loggedIn(issuer: VaultIssuer): Promise<VaultApi> {
    const { status, body } = await login(issuer, await token(issuer));
    assert.equal(status, 200, JSON.stringify(body));
    return (await story.api()).as(body.auth.client_token);
  }

  describe(`issuing for ${story.stack}`, () => {
    before(async () => {
      const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: CERT_MANAGER.namespace } };
      await story.lab.plane.client.apply(namespace);
      await story.lab.plane.client.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: CERT_MANAGER });
      await story.lab.applyObjects(({ kind }) => ["Namespace", "ServiceAccount", "Role", "RoleBinding"].includes(kind));
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
        await client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: otherNamespace } });
        await client.apply({
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
        const request = await signingRequest(story, { name, ...wanted });
        const { status, body } = await (await loggedIn(issuer)).post(issuer.path, {
          ...request.body,
          ttl: `${wanted.seconds}s`,
        });
        assert.equal(status, 200, `${name}: ${JSON.stringify(body)}`);
        // what cert-manager writes to tls.crt: the leaf, then the chain without the root
        const chain: string[] = body.data.ca_chain ?? [body.data.issuing_ca];
        const root = rootOf(story, issuer.mount);
        const between = chain.filter((pem) => pem.trim() !== root.trim());
        await opensslAccepts(story, name, body.data.certificate, between, root, wanted.names[0] ?? "");
        const leaf = new X509Certificate(body.data.certificate);
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

function vaultIssuer(object: KubeObject): VaultIssuer[] {
  const vault = fieldsAt(object.spec, "vault");
  const path = text(vault.path);
  if (object.kind !== "Issuer" || path === undefined) return [];
  const [mount = "", , role = ""] = path.split("/");
  const account = text(fieldsAt(vault, "auth", "kubernetes", "serviceAccountRef").name) ?? "";
  const namespace = object.metadata.namespace ?? "default";
  return [{ name: object.metadata.name, namespace, path, mount, role, account, server: text(vault.server) ?? "" }];
}

function signs(issuer: VaultIssuer, certificate: KubeObject): boolean {
  const { name } = fieldsAt(certificate.spec, "issuerRef");
  return name === issuer.name && (certificate.metadata.namespace ?? "default") === issuer.namespace;
}

function wantedLeaf({ spec }: KubeObject) {
  const { dnsNames, ipAddresses, duration } = fieldsAt(spec);
  const hours = /^(\d+)h(?:0m)?(?:0s)?$/.exec(text(duration) ?? "2160h")?.[1];
  assert.ok(hours, `duration ${duration} is not in hours`);
  return { names: textList(dnsNames), addresses: textList(ipAddresses), seconds: Number(hours) * 3600 };
}

/** A DNS name that the issuer's role allows. */
async function allowedName(story: Story, { mount, role }: VaultIssuer): Promise<string> {
  const { body } = await (await story.api()).get(`${mount}/roles/${role}`);
  return `probe.${textList(body.data.allowed_domains)[0]}`;
}

/** A key and a CSR by openssl, in the form in which cert-manager sends it. */
async function signingRequest(
  story: Story,
  leaf: { name: string; names: readonly string[]; addresses: readonly string[]; key?: string },
) {
  const directory = join(story.lab.directory, "requests");
  mkdirSync(directory, { recursive: true });
  const [key, csr] = [join(directory, `${leaf.name}.key`), join(directory, `${leaf.name}.csr`)];
  const alternatives = [...leaf.names.map((dns) => `DNS:${dns}`), ...leaf.addresses.map((ip) => `IP:${ip}`)].join(",");
  const kind = leaf.key ? ["-newkey", leaf.key] : ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
  await execa("openssl", [
    "req",
    "-new",
    ...kind,
    "-nodes",
    "-keyout",
    key,
    "-out",
    csr,
    "-subj",
    "/",
    "-addext",
    `subjectAltName=${alternatives}`,
  ]);
  return {
    body: {
      csr: readFileSync(csr, "utf8"),
      common_name: "",
      alt_names: leaf.names.join(","),
      ip_sans: leaf.addresses.join(","),
      uri_sans: "",
      ttl: "2160h",
      exclude_cn_from_sans: "true",
    },
  };
}

/** The root above a mount, as the program exports it: the answer of the step that made it. */
function rootOf(story: Story, mount: string): string {
  const answer = (at: string) =>
    configureResult.parse(JSON.parse(story.results.get(`vault-configure/pki-${at}`)?.stdout ?? "{}"));
  const { certificate, chain = [] } = answer(mount);
  const root = chain.at(-1) ?? certificate;
  assert.ok(root, `the step of ${mount} tells no certificate`);
  return root;
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
