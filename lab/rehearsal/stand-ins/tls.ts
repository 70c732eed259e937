import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { x509 } from "../../issuing/peculiar.ts";
import { readUsages } from "../../issuing/usages.ts";
import {
  type CertificateContent,
  generateKey,
  type Key,
  type KeyKind,
  keyToPem,
  readCertificates,
  readKey,
  signatureOf,
  signCertificate,
} from "../../issuing/x509.ts";
import { type Fields, fields, number, text, textList } from "../../manifests/fields.ts";
import { stableId } from "../engine/engine.ts";
import type { Made, Order, StandIn } from "../engine/stand-in.ts";

/**
 * `@pulumi/tls`, really made: what the provider would make is made with the same inputs by this process.
 * @see https://www.pulumi.com/registry/packages/tls/api-docs/
 */
export const tls: StandIn = {
  package: "tls",
  create(order: Order): Made | Promise<Made> {
    const make = MAKERS[order.type];
    if (make === undefined) throw new Error(`the rehearsal's tls provider cannot make a ${order.type}`);
    // At preview nothing is made, as with the real provider: every output is unknown.
    return order.preview ? { id: "", outputs: {} } : make(order);
  },
};

const SUBJECT_ALT_NAME = "2.5.29.17";

const MAKERS: Record<string, (order: Order) => Promise<Made>> = {
  "tls:index/privateKey:PrivateKey": privateKey,
  "tls:index/selfSignedCert:SelfSignedCert": selfSignedCert,
  "tls:index/certRequest:CertRequest": certRequest,
  "tls:index/locallySignedCert:LocallySignedCert": locallySignedCert,
};

async function privateKey({ inputs }: Order): Promise<Made> {
  const kind = keyKind(inputs);
  const key = await generateKey(kind);
  const pkcs8 = await keyToPem(key);
  const object = createPrivateKey(pkcs8);
  const der = createPublicKey(object).export({ type: "spki", format: "der" });
  const hex = createHash("sha1").update(der).digest("hex");
  return {
    id: hex,
    outputs: {
      ecdsaCurve: kind.algorithm === "ECDSA" ? `P${kind.size}` : "P224",
      rsaBits: kind.algorithm === "RSA" ? kind.size : 2048,
      privateKeyPem: traditionalPem(object, kind, pkcs8),
      privateKeyPemPkcs8: pkcs8,
      privateKeyOpenssh: "",
      publicKeyPem: createPublicKey(object).export({ type: "spki", format: "pem" }),
      publicKeyOpenssh: "",
      publicKeyFingerprintMd5: "",
      publicKeyFingerprintSha256: "",
    },
  };
}

async function selfSignedCert({ urn, inputs }: Order): Promise<Made> {
  const key = await readKey(required(inputs, "privateKeyPem"));
  const content = contentOf(inputs, subjectOf(inputs), {
    dns: textList(inputs.dnsNames),
    ip: textList(inputs.ipAddresses),
    uri: textList(inputs.uris),
  });
  const subjectKeyId = content.isCa || inputs.setSubjectKeyId === true;
  const certificate = await signCertificate(content, key.pair.publicKey, { key }, subjectKeyId);
  return made(urn, certificate, inputs, {
    keyAlgorithm: keyAlgorithm(key),
    setSubjectKeyId: inputs.setSubjectKeyId ?? false,
    setAuthorityKeyId: inputs.setAuthorityKeyId ?? false,
  });
}

async function certRequest({ urn, inputs }: Order): Promise<Made> {
  const key = await readKey(required(inputs, "privateKeyPem"));
  const names = [
    ...textList(inputs.dnsNames).map((value) => ({ type: "dns" as const, value })),
    ...textList(inputs.ipAddresses).map((value) => ({ type: "ip" as const, value })),
    ...textList(inputs.uris).map((value) => ({ type: "url" as const, value })),
  ];
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subjectOf(inputs).map(([attribute, value]) => ({ [attribute]: [value] })),
    keys: key.pair,
    signingAlgorithm: signatureOf(key.kind),
    extensions: names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [],
  });
  return {
    id: stableId(urn),
    outputs: { certRequestPem: `${request.toString("pem")}\n`, keyAlgorithm: keyAlgorithm(key) },
  };
}

async function locallySignedCert({ urn, inputs }: Order): Promise<Made> {
  const key = await readKey(required(inputs, "caPrivateKeyPem"));
  const [authority] = readCertificates(required(inputs, "caCertPem"));
  if (authority === undefined) throw new Error("caCertPem holds no certificate");
  const request = new x509.Pkcs10CertificateRequest(required(inputs, "certRequestPem"));
  if (!(await request.verify())) throw new Error("certRequestPem: the request's signature is wrong");
  const extension = request.getExtension(SUBJECT_ALT_NAME);
  const names = extension instanceof x509.SubjectAlternativeNameExtension ? extension.names.items : [];
  const of = (type: string) => names.filter((name) => name.type === type).map((name) => name.value);
  const subject = request.subjectName
    .toJSON()
    .flatMap((name) => Object.entries(name).flatMap(([attribute, values]) => values.map(pair(attribute))));
  const content = contentOf(inputs, subject, { dns: of("dns"), ip: of("ip"), uri: of("url") });
  const subjectKeyId = content.isCa || inputs.setSubjectKeyId === true;
  const signer = { certificate: authority, key };
  const certificate = await signCertificate(content, request.publicKey, signer, subjectKeyId);
  return made(urn, certificate, inputs, {
    caKeyAlgorithm: keyAlgorithm(key),
    setSubjectKeyId: inputs.setSubjectKeyId ?? false,
  });
}

function made(urn: string, certificate: x509.X509Certificate, inputs: Fields, rest: Fields): Made {
  return {
    id: stableId(urn),
    outputs: {
      certPem: `${certificate.toString("pem")}\n`,
      earlyRenewalHours: inputs.earlyRenewalHours ?? 0,
      isCaCertificate: inputs.isCaCertificate ?? false,
      readyForRenewal: false,
      validityStartTime: certificate.notBefore.toISOString(),
      validityEndTime: certificate.notAfter.toISOString(),
      ...rest,
    },
  };
}

function contentOf(
  inputs: Fields,
  subject: readonly (readonly [string, string])[],
  names: { readonly dns: readonly string[]; readonly ip: readonly string[]; readonly uri: readonly string[] },
): CertificateContent {
  const hours = number(inputs.validityPeriodHours) ?? 0;
  const usages = readUsages(textList(inputs.allowedUses));
  const notBefore = new Date();
  return {
    subject,
    dnsNames: names.dns,
    ipAddresses: names.ip,
    uris: names.uri,
    notBefore,
    notAfter: new Date(notBefore.getTime() + hours * 3600_000),
    isCa: inputs.isCaCertificate === true,
    ...(typeof inputs.maxPathLength === "number" ? { pathLength: inputs.maxPathLength } : {}),
    keyUsages: usages.key,
    extendedKeyUsages: usages.extended,
  };
}

/** In the order in which the provider (Go's pkix.Name) writes them. */
function subjectOf(inputs: Fields): (readonly [string, string])[] {
  const subject = fields(inputs.subject);
  const attributes: readonly (readonly [string, unknown])[] = [
    ["C", subject.country],
    ["O", subject.organization],
    ["OU", subject.organizationalUnit],
    ["L", subject.locality],
    ["ST", subject.province],
    ["street", textList(subject.streetAddresses)[0]],
    ["2.5.4.17", subject.postalCode],
    ["CN", subject.commonName],
    ["2.5.4.5", subject.serialNumber],
    ["E", subject.emailAddress],
  ];
  return attributes.flatMap(([attribute, value]) =>
    typeof value === "string" && value !== "" ? [[attribute, value] as const] : [],
  );
}

function keyKind(inputs: Fields): KeyKind {
  switch (inputs.algorithm) {
    case "RSA":
      return { algorithm: "RSA", size: number(inputs.rsaBits) ?? 2048 };
    case "ECDSA":
      return { algorithm: "ECDSA", size: Number((text(inputs.ecdsaCurve) ?? "P224").slice(1)) };
    case "ED25519":
      return { algorithm: "Ed25519" };
    default:
      throw new Error(`algorithm: expected RSA, ECDSA or ED25519, got ${JSON.stringify(inputs.algorithm)}`);
  }
}

function keyAlgorithm(key: Key): string {
  return key.kind.algorithm.toUpperCase();
}

/** RSA keys as PKCS#1, ECDSA keys as SEC 1, the rest as PKCS#8, as the provider's privateKeyPem. */
function traditionalPem(key: ReturnType<typeof createPrivateKey>, kind: KeyKind, pkcs8: string): string {
  if (kind.algorithm === "RSA") return key.export({ type: "pkcs1", format: "pem" }).toString();
  if (kind.algorithm === "ECDSA") return key.export({ type: "sec1", format: "pem" }).toString();
  return pkcs8;
}

function required(inputs: Fields, key: string): string {
  const value = text(inputs[key]);
  if (value === undefined) throw new Error(`${key}: expected PEM text, got ${JSON.stringify(inputs[key])}`);
  return value;
}

function pair(attribute: string): (value: unknown) => readonly [string, string] {
  return (value) => [attribute, String(value)];
}
