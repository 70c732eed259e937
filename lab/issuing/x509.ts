import { createPrivateKey, createPublicKey, type KeyObject, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import { x509 } from "./peculiar.ts";

/** Key types as cert-manager, Vault and the tls provider name them, brought to one form. */
export type KeyKind =
  | { readonly algorithm: "RSA"; readonly size: number }
  | { readonly algorithm: "ECDSA"; readonly size: number }
  | { readonly algorithm: "Ed25519" };

/** A private key with its public half. */
export interface Key {
  readonly kind: KeyKind;
  readonly pair: webcrypto.CryptoKeyPair;
}

/** A certificate with the key it is for: something that can serve, and sign when it is an authority. */
export interface Identity {
  readonly certificate: x509.X509Certificate;
  readonly key: Key;
}

/** What a certificate is to say. */
export interface CertificateContent {
  /** Relative names in order, such as [["O", "fruit"], ["CN", "mango.example.com"]]; [] = an empty subject. */
  readonly subject: readonly (readonly [attribute: string, value: string])[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly uris?: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly isCa?: boolean;
  /** Number of authorities that may follow; undefined = any. */
  readonly pathLength?: number;
  readonly keyUsages: readonly KeyUsage[];
  /** False leaves out the extension that says whether this is an authority. Default true. */
  readonly basicConstraints?: boolean;
  /** Object identifiers. */
  readonly extendedKeyUsages?: readonly string[];
  /** Where the signer's certificate, its revocation list and its OCSP responder are found. */
  readonly urls?: { readonly issuer?: string; readonly crl?: string; readonly ocsp?: string };
}

export type KeyUsage =
  | "digitalSignature"
  | "nonRepudiation"
  | "keyEncipherment"
  | "dataEncipherment"
  | "keyAgreement"
  | "keyCertSign"
  | "cRLSign"
  | "encipherOnly"
  | "decipherOnly";

const CURVES: Record<number, string> = { 256: "P-256", 384: "P-384", 521: "P-521" };

/** Makes a key. @throws Error for an elliptic curve that WebCrypto lacks (P-224) */
export async function generateKey(kind: KeyKind): Promise<Key> {
  const parameters = algorithmOf(kind);
  const pair = await webcrypto.subtle.generateKey(parameters, true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error(`${kind.algorithm}: no key pair`);
  return { kind, pair };
}

/** Reads a private key in any PEM form (PKCS#1, SEC 1, PKCS#8). */
export async function readKey(pem: string): Promise<Key> {
  const key = createPrivateKey(pem);
  const kind = kindOf(key);
  const parameters = algorithmOf(kind);
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey("pkcs8", key.export({ type: "pkcs8", format: "der" }), parameters, true, ["sign"]),
    readPublic(key, parameters),
  ]);
  return { kind, pair: { privateKey, publicKey } };
}

/**
 * Makes and signs a certificate.
 * @param signer the authority; undefined for a self-signed certificate, which `key` then signs itself
 * @param subjectKeyId whether the certificate names its own key (Go's library does for authorities only)
 */
export async function signCertificate(
  content: CertificateContent,
  publicKey: x509.PublicKeyType,
  signer: Identity | { readonly key: Key },
  subjectKeyId = content.isCa ?? false,
): Promise<x509.X509Certificate> {
  const issuer = "certificate" in signer ? signer.certificate : undefined;
  const names = subjectAltNames(content);
  const extensions: x509.Extension[] = [];
  if (content.keyUsages.length > 0) {
    extensions.push(new x509.KeyUsagesExtension(usageFlags(content.keyUsages), true));
  }
  if (content.basicConstraints !== false) {
    extensions.push(new x509.BasicConstraintsExtension(content.isCa ?? false, content.pathLength, true));
  }
  const extended = content.extendedKeyUsages ?? [];
  if (extended.length > 0) extensions.push(new x509.ExtendedKeyUsageExtension([...extended]));
  // RFC 5280 §4.2.1.6: the names must be critical when the subject is empty.
  if (names.length > 0) extensions.push(new x509.SubjectAlternativeNameExtension(names, content.subject.length === 0));
  if (subjectKeyId) extensions.push(await x509.SubjectKeyIdentifierExtension.create(publicKey));
  if (issuer !== undefined) {
    extensions.push(await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey));
  }
  const { issuer: caIssuers, ocsp, crl } = content.urls ?? {};
  if (caIssuers !== undefined || ocsp !== undefined) {
    extensions.push(
      new x509.AuthorityInfoAccessExtension({
        ...(caIssuers === undefined ? {} : { caIssuers: [caIssuers] }),
        ...(ocsp === undefined ? {} : { ocsp: [ocsp] }),
      }),
    );
  }
  if (crl !== undefined) extensions.push(new x509.CRLDistributionPointsExtension([crl]));
  const subject = content.subject.map(([attribute, value]) => ({ [attribute]: [value] }));
  return x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: issuer?.subjectName ?? subject,
    notBefore: toSecond(content.notBefore),
    notAfter: toSecond(content.notAfter),
    publicKey,
    signingKey: signer.key.pair.privateKey,
    signingAlgorithm: signatureOf(signer.key.kind),
    extensions,
  });
}

/** The PEM text of certificates in the order given, each ended by a line break. */
export function toPem(...certificates: readonly x509.X509Certificate[]): string {
  return certificates.map((certificate) => `${certificate.toString("pem")}\n`).join("");
}

/** The private key as PKCS#8 PEM. */
export async function keyToPem(key: Key): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", key.pair.privateKey);
  return `${x509.PemConverter.encode(der, x509.PemConverter.PrivateKeyTag)}\n`;
}

/** The certificates of a PEM text, in order. */
export function readCertificates(pem: string): x509.X509Certificate[] {
  return x509.PemConverter.decodeWithHeaders(pem)
    .filter(({ type }) => type === x509.PemConverter.CertificateTag)
    .map(({ rawData }) => new x509.X509Certificate(rawData));
}

/** The first common name of a certificate's subject; "" when it has none. */
export function commonNameOf(name: x509.Name): string {
  return name.getField("CN")[0] ?? "";
}

/** How a signature is made with a key of this kind. */
export function signatureOf(kind: KeyKind): webcrypto.Algorithm | webcrypto.EcdsaParams {
  switch (kind.algorithm) {
    case "RSA":
      return { name: "RSASSA-PKCS1-v1_5" };
    case "ECDSA":
      return { name: "ECDSA", hash: kind.size === 521 ? "SHA-512" : kind.size === 384 ? "SHA-384" : "SHA-256" };
    case "Ed25519":
      return { name: "Ed25519" };
  }
}

function algorithmOf(kind: KeyKind): webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams | webcrypto.Algorithm {
  switch (kind.algorithm) {
    case "RSA":
      return {
        name: "RSASSA-PKCS1-v1_5",
        modulusLength: kind.size,
        publicExponent: new Uint8Array([1, 0, 1]),
        hash: "SHA-256",
      };
    case "ECDSA": {
      const namedCurve = CURVES[kind.size];
      if (namedCurve === undefined) throw new Error(`ECDSA with ${kind.size} bits is not supported: 256, 384 or 521`);
      return { name: "ECDSA", namedCurve };
    }
    case "Ed25519":
      return { name: "Ed25519" };
  }
}

function kindOf(key: KeyObject): KeyKind {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case "rsa":
      return { algorithm: "RSA", size: modulusLength ?? 2048 };
    case "ec":
      return { algorithm: "ECDSA", size: namedCurve === "secp521r1" ? 521 : namedCurve === "secp384r1" ? 384 : 256 };
    case "ed25519":
      return { algorithm: "Ed25519" };
    default:
      throw new Error(`a key of type ${key.asymmetricKeyType} cannot sign certificates here`);
  }
}

function readPublic(key: KeyObject, parameters: ReturnType<typeof algorithmOf>): Promise<webcrypto.CryptoKey> {
  const der = createPublicKey(key).export({ type: "spki", format: "der" });
  return webcrypto.subtle.importKey("spki", der, parameters, true, ["verify"]);
}

function subjectAltNames(content: CertificateContent): x509.JsonGeneralName[] {
  return [
    ...(content.dnsNames ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(content.ipAddresses ?? [])
      .filter((value) => isIP(value) !== 0)
      .map((value) => ({ type: "ip" as const, value })),
    ...(content.uris ?? []).map((value) => ({ type: "url" as const, value })),
  ];
}

function usageFlags(usages: readonly KeyUsage[]): x509.KeyUsageFlags {
  return usages.reduce<number>((flags, usage) => flags | x509.KeyUsageFlags[usage], 0);
}

/** 20 random bytes, positive (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(19));
  return `01${Buffer.from(bytes).toString("hex")}`;
}

/** Certificates tell time to the second. */
function toSecond(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}
