import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { configureResult } from "../../../components/commands/vault-steps.ts";
import { fieldsAt, text, textList } from "../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import type { Story } from "./story.ts";
import type { VaultAnswer, VaultApi } from "./vault-api.ts";

/*
 * What cert-manager's controllers ask the API server and Vault for, in the form in which they ask, so that a test can ask for
 * what they never would: another account, audience, role or name. The controllers themselves run in gateways-vault.
 */

/** An Issuer that asks Vault, and what follows from it. */
export interface VaultIssuer {
  readonly name: string;
  readonly namespace: string;
  /** `<mount>/sign/<role>` */
  readonly path: string;
  readonly mount: string;
  readonly role: string;
  readonly account: string;
  readonly server: string;
}

export const CERT_MANAGER = { namespace: "cert-manager", name: "cert-manager" };

/** A certificate as cert-manager writes it to a Secret: the leaf and what is between it and the root. */
export interface SignedCertificate {
  readonly leaf: string;
  readonly between: readonly string[];
  readonly root: string;
  readonly key: string;
}

const objectsOf = ({ registrations }: Story): KubeObject[] =>
  registrations.flatMap(({ object }) => (object ? [object] : []));

export function vaultIssuers(story: Story): VaultIssuer[] {
  return objectsOf(story).flatMap(vaultIssuer);
}

/** The Certificates of a stack that Vault signs, each with its issuer. */
export function vaultCertificates(story: Story): { object: KubeObject; issuer: VaultIssuer }[] {
  const issuers = vaultIssuers(story);
  return objectsOf(story)
    .filter(({ kind, apiVersion }) => kind === "Certificate" && apiVersion === "cert-manager.io/v1")
    .map((object) => ({ object, issuer: issuers.find((one) => signs(one, object)) }))
    .flatMap(({ object, issuer }) => (issuer ? [{ object, issuer }] : []));
}

/** cert-manager's own account, which its chart makes, and the registered rights of the issuers. */
export async function installAccounts(story: Story): Promise<void> {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: CERT_MANAGER.namespace } };
  await story.lab.plane.client.must(namespace);
  await story.lab.plane.client.must({ apiVersion: "v1", kind: "ServiceAccount", metadata: CERT_MANAGER });
  await story.lab.applyObjects(({ kind }) => ["Namespace", "ServiceAccount", "Role", "RoleBinding"].includes(kind));
}

/** The answer to cert-manager's request for a token: its own account's right, the Issuer's account and audience. */
export async function mintedBy(
  story: Story,
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

export async function tokenOf(story: Story, issuer: VaultIssuer, changed = {}): Promise<string> {
  const { status, body } = await mintedBy(story, issuer, changed);
  assert.equal(status, 201, body.message);
  return body.status.token;
}

export async function loginWith(story: Story, issuer: VaultIssuer, jwt: string): Promise<VaultAnswer> {
  return (await story.api()).as(undefined).post("auth/kubernetes/login", { role: issuer.name, jwt });
}

export async function loggedInAs(story: Story, issuer: VaultIssuer): Promise<VaultApi> {
  const { status, body } = await loginWith(story, issuer, await tokenOf(story, issuer));
  assert.equal(status, 200, JSON.stringify(body));
  return (await story.api()).as(body.auth.client_token);
}

/** What Vault signs of what cert-manager sends for a Certificate. */
export async function signedFor(story: Story, object: KubeObject, issuer: VaultIssuer): Promise<SignedCertificate> {
  const { name } = object.metadata;
  const wanted = wantedLeaf(object);
  const request = await signingRequest(story, { name, ...wanted });
  const api = await loggedInAs(story, issuer);
  const { status, body } = await api.post(issuer.path, { ...request.body, ttl: `${wanted.seconds}s` });
  assert.equal(status, 200, `${name}: ${JSON.stringify(body)}`);
  // what cert-manager writes to tls.crt: the leaf, then the chain without the root
  const chain: string[] = body.data.ca_chain ?? [body.data.issuing_ca];
  const root = rootOf(story, issuer.mount);
  const between = chain.filter((pem) => pem.trim() !== root.trim());
  return { leaf: body.data.certificate, between, root, key: request.key };
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

export function wantedLeaf({ spec }: KubeObject) {
  const { dnsNames, ipAddresses, duration } = fieldsAt(spec);
  const hours = /^(\d+)h(?:0m)?(?:0s)?$/.exec(text(duration) ?? "2160h")?.[1];
  assert.ok(hours, `duration ${duration} is not in hours`);
  return { names: textList(dnsNames), addresses: textList(ipAddresses), seconds: Number(hours) * 3600 };
}

/** A key and a CSR by openssl, in the form in which cert-manager sends it. */
export async function signingRequest(
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
    key: readFileSync(key, "utf8"),
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
export function rootOf(story: Story, mount: string): string {
  const answer = (at: string) =>
    configureResult.parse(JSON.parse(story.results.get(`vault-configure/pki-${at}`)?.stdout ?? "{}"));
  const { certificate, chain = [] } = answer(mount);
  const root = chain.at(-1) ?? certificate;
  assert.ok(root, `the step of ${mount} tells no certificate`);
  return root;
}
