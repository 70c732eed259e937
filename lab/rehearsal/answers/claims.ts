import { covers } from "../../../components/cluster/encryption/resources.ts";
import { encryptionStep } from "../../../components/commands/cluster-steps.ts";
import type { AnswerConfig, Prototype } from "../../../config/schema.ts";
import type { CertificateStore } from "../../gateway/certificates/store.ts";
import type { VaultStandIn } from "../../issuing/vault.ts";
import { commonNameOf, readCertificates } from "../../issuing/x509.ts";
import { type Fields, fields, fieldsAt, text, textList } from "../../manifests/fields.ts";
import { KINDS } from "../../manifests/object-index.ts";
import { secretText } from "../../manifests/secret-text.ts";
import type { Topology } from "../../topology/model.ts";
import type { Registration } from "../engine/registration.ts";
import type { Outcome } from "./outcome.ts";

/** What claims are decided from. */
export interface Evidence {
  readonly topology: Topology;
  readonly registrations: readonly Registration[];
  readonly certificates: CertificateStore;
  readonly vault: VaultStandIn;
}

/** The answers of a stack that are no requests, in the order of its file: of applications first. */
export function claimsOf(prototype: Prototype): { app: string; claim: AnswerConfig }[] {
  const ofApps = Object.entries(prototype.apps).flatMap(([app, { answers }]) =>
    answers.map((claim) => ({ app, claim })),
  );
  const own = prototype.answers.map((claim) => ({ app: "", claim }));
  return [...ofApps, ...own].filter(({ claim }) => claim.get === undefined);
}

/** Decides a claim from what was registered and issued. */
export async function decideClaim(
  { app, claim }: { app: string; claim: AnswerConfig },
  evidence: Evidence,
): Promise<Outcome> {
  const decided = await decide(claim, evidence);
  return { app, ...decided };
}

type Decided = Omit<Outcome, "app">;

async function decide(claim: AnswerConfig, evidence: Evidence): Promise<Decided> {
  if (claim.certificate !== undefined) return certificateClaim(claim.certificate, claim.issuedBy, evidence);
  if (claim.secret !== undefined) return secretClaim(claim.secret, claim, evidence);
  if (claim.etcd !== undefined) return etcdClaim(claim.etcd, claim.startsWith ?? "", evidence);
  return vaultClaim(claim.vault ?? "", claim.fields ?? [], evidence);
}

async function certificateClaim(secret: string, issuedBy: string | undefined, evidence: Evidence): Promise<Decided> {
  const [namespace = "", name = ""] = secret.split("/");
  const use = { namespace, name, hostnames: [], declared: true };
  const answer = await evidence.certificates.certificate(use, undefined);
  const base = {
    asked: `certificate ${secret}`,
    expected: issuedBy === undefined ? "there is one" : `issued by ${issuedBy}`,
    decidedBy: "issued" as const,
  };
  if ("refused" in answer) return { ...base, got: answer.refused, ok: false, how: "the certificate was asked for" };
  const chain = readCertificates(answer.chain);
  const issuer = chain[0] === undefined ? "" : commonNameOf(chain[0].issuerName);
  return {
    ...base,
    got: `issued by ${issuer}`,
    ok: issuedBy === undefined || issuedBy === issuer,
    how: `issued along the declared chain, ${chain.length} certificate${chain.length === 1 ? "" : "s"} in tls.crt`,
  };
}

function secretClaim(secret: string, { key = "", value }: AnswerConfig, { topology }: Evidence): Decided {
  const [namespace = "", name = ""] = secret.split("/");
  const found = topology.objects.get(KINDS.secret, namespace, name);
  const got = found === undefined ? undefined : secretText(found.object)[key];
  return {
    asked: `Secret ${secret}, ${key}`,
    expected: value ?? "there is one",
    got: got ?? (found === undefined ? "no such Secret is registered" : `no key ${key}`),
    ok: got !== undefined && (value === undefined || got === value),
    decidedBy: "registered",
    how: "the API server gives back what was registered",
  };
}

/**
 * The prefix under which the API server keeps an object, by the EncryptionConfiguration that the stack's encryption step
 * writes; without one objects are kept as protobuf.
 * @see https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/#verifying-that-data-is-encrypted
 */
function etcdClaim(path: string, startsWith: string, { topology, registrations }: Evidence): Decided {
  const [, resource = "", namespace = "", name = ""] = /^\/registry\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const exists = resource !== "secrets" || topology.objects.get(KINDS.secret, namespace, name) !== undefined;
  const encryption = registrations
    .map(({ inputs }) => fieldsAt(inputs, "environment"))
    .find(({ LEARN_STEP }) => LEARN_STEP === encryptionStep);
  const prefix = prefixOf(resource, parametersOf(encryption));
  return {
    asked: `etcd ${path}`,
    expected: `begins with ${startsWith}`,
    got: exists ? `begins with ${prefix}` : `no Secret ${namespace}/${name} is registered`,
    ok: exists && prefix.startsWith(startsWith),
    decidedBy: "predicted",
    how: "follows from the EncryptionConfiguration that the stack writes; there is no etcd in a rehearsal",
  };
}

function prefixOf(resource: string, encryption: Fields): string {
  const encrypted = textList(encryption.resources).some((pattern) => pattern === resource || covers(pattern, resource));
  return encrypted ? `k8s:enc:${String(encryption.provider)}:v1:${String(encryption.key)}:` : "k8s\\x00";
}

function parametersOf(environment: Fields | undefined): Fields {
  const parameters = text(environment?.LEARN_PARAMETERS);
  return parameters === undefined ? {} : fields(JSON.parse(parameters));
}

function vaultClaim(path: string, wanted: readonly string[], { vault }: Evidence): Decided {
  const found = vault.secretFields(path);
  return {
    asked: `Vault ${path}`,
    expected: `has ${wanted.join(", ")}`,
    got: found === undefined ? "no such secret is written" : `has ${found.join(", ")}`,
    ok: found !== undefined && wanted.every((field) => found.includes(field)),
    decidedBy: "registered",
    how: "the program's steps write it; values are made inside Vault",
  };
}
