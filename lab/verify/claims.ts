import type { AnswerConfig, Prototype } from "../../config/schema.ts";
import { commonNameOf, readCertificates } from "../issuing/x509.ts";
import type { Kubectl } from "../live/kubectl.ts";
import { listObjects, secretValue } from "../live/objects.ts";
import { fields, text } from "../manifests/fields.ts";
import { claimsOf } from "../rehearsal/answers/claims.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import type { Check, Result } from "./result.ts";
import { readVaultSecret } from "./vault.ts";

type Seen = Pick<Result, "expected" | "got" | "ok" | "how">;

/** Everything a stack claims that is no HTTP answer, looked up on the live cluster. */
export function claimChecks(prototype: Prototype, kubectl: Kubectl, vaultToken: string | undefined): Check[] {
  return claimsOf(prototype).map(({ app, claim }) => {
    const asked = askedText(claim);
    return { asked, run: () => seen(app, asked, () => look(claim, kubectl, vaultToken)) };
  });
}

/** A check's result; what could not be asked at all is a result, too. */
export async function seen(app: string, asked: string, check: () => Promise<Seen>): Promise<Result> {
  try {
    return { app, asked, ...(await check()) };
  } catch (error) {
    if (!(error instanceof VisibleError)) throw error;
    return { app, asked, expected: "", got: error.message, ok: false, how: "nothing could be asked" };
  }
}

function askedText(claim: AnswerConfig): string {
  if (claim.certificate !== undefined) return `certificate in Secret ${claim.certificate}`;
  if (claim.secret !== undefined) return `Secret ${claim.secret}, ${claim.key ?? ""}`;
  if (claim.etcd !== undefined) return `etcd ${claim.etcd}`;
  return `Vault ${claim.vault ?? ""}`;
}

function look(claim: AnswerConfig, kubectl: Kubectl, vaultToken: string | undefined): Promise<Seen> {
  if (claim.certificate !== undefined) return certificate(claim.certificate, claim.issuedBy, kubectl);
  if (claim.secret !== undefined) return secret(claim.secret, claim, kubectl);
  if (claim.etcd !== undefined) return etcd(claim.etcd, claim.startsWith ?? "", kubectl);
  return readVaultSecret(kubectl, claim.vault ?? "", claim.fields ?? [], vaultToken);
}

async function certificate(secretName: string, issuedBy: string | undefined, kubectl: Kubectl): Promise<Seen> {
  const [namespace = "", name = ""] = secretName.split("/");
  const expected = issuedBy === undefined ? "there is one" : `issued by ${issuedBy}`;
  const how = `tls.crt of Secret ${secretName}`;
  const pem = await secretValue(kubectl, namespace, name, "tls.crt");
  if (pem === undefined) return { expected, got: "no such certificate yet", ok: false, how };
  const [leaf] = readCertificates(pem);
  if (leaf === undefined) return { expected, got: "tls.crt holds no certificate", ok: false, how };
  const issuer = commonNameOf(leaf.issuerName);
  const expired = leaf.notAfter < new Date();
  const got = `issued by ${issuer}${expired ? `, expired ${leaf.notAfter.toISOString()}` : ""}`;
  return { expected, got, ok: !expired && (issuedBy === undefined || issuer === issuedBy), how };
}

async function secret(reference: string, { key = "", value }: AnswerConfig, kubectl: Kubectl): Promise<Seen> {
  const [namespace = "", name = ""] = reference.split("/");
  const got = await secretValue(kubectl, namespace, name, key);
  return {
    expected: value ?? "there is one",
    got: got ?? "no such key",
    ok: got !== undefined && (value === undefined || got === value),
    how: "read back through the API server",
  };
}

/** The raw value as etcd holds it: only its beginning is looked at, the rest is ciphertext. */
async function etcd(key: string, startsWith: string, kubectl: Kubectl): Promise<Seen> {
  const pods = await listObjects(kubectl, "pods", ["-n", "kube-system", "-l", "component=etcd"]);
  const pod = text(fields(pods[0]?.metadata).name);
  const how = `etcdctl inside pod kube-system/${pod ?? "etcd"}`;
  const expected = `begins with ${startsWith}`;
  if (pod === undefined) return { expected, got: "this cluster shows no etcd pod", ok: false, how };
  const certs = "/var/lib/minikube/certs/etcd";
  const credentials = [`--cacert=${certs}/ca.crt`, `--cert=${certs}/server.crt`, `--key=${certs}/server.key`];
  const command = ["etcdctl", ...credentials, "get", key, "--print-value-only"];
  const { code, stdout, stderr } = await kubectl.run(["-n", "kube-system", "exec", pod, "--", ...command]);
  if (code !== 0) return { expected, got: stderr.trim(), ok: false, how };
  const beginning = stdout.slice(0, Math.max(startsWith.length, 24)).replace(/[^\x20-\x7e]/g, "·");
  return { expected, got: `begins with ${beginning}`, ok: stdout.startsWith(startsWith), how };
}
