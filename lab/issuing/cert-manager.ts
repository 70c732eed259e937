import { fieldsAt, text, textList } from "../manifests/fields.ts";
import { formatRef, refOf } from "../manifests/object.ts";
import { secretText } from "../manifests/secret-text.ts";
import type { Certificate, Issuer, IssuerSource, Topology, VaultIssuer } from "../topology/model.ts";
import { x509 } from "./peculiar.ts";
import { readUsages } from "./usages.ts";
import type { VaultStandIn } from "./vault.ts";
import {
  type CertificateContent,
  generateKey,
  type Identity,
  type Key,
  type KeyKind,
  readCertificates,
  readKey,
  signCertificate,
} from "./x509.ts";

const BASIC_CONSTRAINTS = "2.5.29.19";

/** What cert-manager puts into a Secret. */
export interface IssuedSecret {
  readonly certificate: Certificate;
  readonly identity: Identity;
  /** tls.crt: the leaf and everything above it but a self-signed root. */
  readonly chain: readonly x509.X509Certificate[];
  /** ca.crt: the top of the chain. */
  readonly authority: x509.X509Certificate;
  readonly warnings: readonly string[];
}

/** No Secret is made, and why: cert-manager's or Vault's own words. */
export interface Refusal {
  readonly refused: string;
}

export type Issuing = IssuedSecret | Refusal;

/**
 * Issues the Certificates of a topology as cert-manager would: along the declared chain of issuers, with the declared
 * names, lifetimes and key types. Every Secret is made once, when it is first asked for.
 */
export class CertManager {
  readonly #topology: Topology;
  readonly #vault: VaultStandIn;
  readonly #now: () => Date;
  readonly #issued = new Map<string, Promise<Issuing>>();

  constructor(topology: Topology, vault: VaultStandIn, now: () => Date = () => new Date()) {
    this.#topology = topology;
    this.#vault = vault;
    this.#now = now;
  }

  /** The Certificate that fills a Secret, if any does. */
  certificateFor(namespace: string, secretName: string): Certificate | undefined {
    return this.#topology.certificateRefs.certificateFor(namespace, secretName);
  }

  /** Issues a Certificate, or tells why not. */
  issue(certificate: Certificate): Promise<Issuing> {
    return this.#issue(certificate, []);
  }

  /** `path`: the Certificates that wait for this one, to find circles. */
  #issue(certificate: Certificate, path: readonly Certificate[]): Promise<Issuing> {
    if (path.includes(certificate)) {
      return Promise.resolve(refuse(certificate, `it is signed, through its issuers, by itself`));
    }
    const key = `${certificate.namespace}/${certificate.secretName}`;
    let issued = this.#issued.get(key);
    if (issued === undefined) {
      issued = this.#sign(certificate, [...path, certificate]).catch((error: unknown) =>
        refuse(certificate, error instanceof Error ? error.message : String(error)),
      );
      this.#issued.set(key, issued);
    }
    return issued;
  }

  async #sign(certificate: Certificate, path: readonly Certificate[]): Promise<Issuing> {
    const { issuer, issuerRef } = certificate;
    if (issuer === undefined) {
      return refuse(
        certificate,
        `Referenced "${issuerRef.kind}" not found: ${issuerRef.kind.toLowerCase()}.${issuerRef.group} "${issuerRef.name}" not found`,
      );
    }
    const { source } = issuer;
    switch (source.type) {
      case "selfSigned":
        return this.#selfSigned(certificate);
      case "ca":
        return this.#signedByCa(certificate, source, path);
      case "vault":
        return this.#signedByVault(certificate, issuer, source.vault);
      default:
        return refuse(
          certificate,
          `${formatRef(refOf(issuer.sourced.object))} is of type ${source.type}, which cannot be rehearsed: use selfSigned, ca or vault`,
        );
    }
  }

  async #selfSigned(certificate: Certificate): Promise<Issuing> {
    const key = await generateKey(keyKind(certificate));
    const made = await signCertificate(this.#content(certificate), key.pair.publicKey, { key });
    return issued(certificate, made, key, [made]);
  }

  async #signedByCa(
    certificate: Certificate,
    source: Extract<IssuerSource, { type: "ca" }>,
    path: readonly Certificate[],
  ): Promise<Issuing> {
    const signer = await this.#caOf(source, path);
    if ("refused" in signer) return refuse(certificate, signer.refused);
    if (!isAuthority(signer.identity.certificate)) {
      return refuse(
        certificate,
        `the certificate in Secret ${source.secretNamespace}/${source.secretName} is no authority: signing certificate is not a CA`,
      );
    }
    const key = await generateKey(keyKind(certificate));
    const made = await signCertificate(this.#content(certificate), key.pair.publicKey, signer.identity);
    return issued(certificate, made, key, [made, ...signer.chain, signer.authority]);
  }

  /** The signing pair of a CA issuer: from a Certificate of the set, or from a Secret that holds its data itself. */
  async #caOf(
    { secretNamespace, secretName, secret, certificate }: Extract<IssuerSource, { type: "ca" }>,
    path: readonly Certificate[],
  ): Promise<Pick<IssuedSecret, "identity" | "chain" | "authority"> | Refusal> {
    if (certificate !== undefined) return this.#issue(certificate, path);
    const name = `${secretNamespace}/${secretName}`;
    if (secret === undefined) return { refused: `Referenced secret ${name} not found` };
    const { "tls.crt": crt, "tls.key": key, "ca.crt": ca } = secretText(secret.object);
    const chain = crt === undefined ? [] : readCertificates(crt);
    const [own] = chain;
    if (own === undefined || key === undefined) {
      return { refused: `Failed to parse signing CA keypair from secret ${name}` };
    }
    const top = (ca === undefined ? [] : readCertificates(ca)).at(0) ?? chain.at(-1) ?? own;
    return { identity: { certificate: own, key: await readKey(key) }, chain, authority: top };
  }

  async #signedByVault(certificate: Certificate, issuer: Issuer, vault: VaultIssuer): Promise<Issuing> {
    const failed = (reason: string) =>
      refuse(certificate, `Vault failed to sign certificate: failed to sign certificate by vault: ${reason}`);
    const { auth } = vault;
    let policies: readonly string[] | undefined;
    if (auth?.serviceAccount !== undefined) {
      const { namespace, name } = auth.serviceAccount;
      const mount = auth.mountPath.replace(/^\/?v1\/auth\/|\/$/g, "");
      const login = this.#vault.login(mount, auth.role, { namespace, serviceAccount: name, audiences: auth.audiences });
      if ("refused" in login) {
        return refuse(
          certificate,
          `Failed to initialise vault client for signing: while requesting a Vault token using the Kubernetes auth of ${formatRef(refOf(issuer.sourced.object))}: ${login.refused}`,
        );
      }
      policies = login.policies;
    }
    const kind = keyKind(certificate);
    const key = await generateKey(kind);
    const signed = await this.#vault.sign(
      vault.mount,
      vault.role,
      {
        commonName: certificate.commonName ?? "",
        dnsNames: certificate.dnsNames,
        ipAddresses: certificate.ipAddresses,
        uris: textList(fieldsAt(certificate.sourced.object, "spec").uris),
        key: kind,
        ttlSeconds: certificate.durationSeconds,
      },
      key.pair.publicKey,
      policies,
    );
    if ("refused" in signed) return failed(signed.refused);
    return issued(certificate, signed.certificate, key, [signed.certificate, ...signed.chain], signed.warnings);
  }

  /** What cert-manager's own signers put into a certificate (pkg/util/pki/certificatetemplate.go). */
  #content(certificate: Certificate): CertificateContent {
    const notBefore = this.#now();
    const usages = readUsages(
      certificate.usages.length > 0 ? certificate.usages : ["digital signature", "key encipherment"],
    );
    return {
      subject: subjectOf(certificate),
      dnsNames: certificate.dnsNames,
      ipAddresses: certificate.ipAddresses,
      uris: textList(fieldsAt(certificate.sourced.object, "spec").uris),
      notBefore,
      notAfter: new Date(notBefore.getTime() + certificate.durationSeconds * 1000),
      isCa: certificate.isCa,
      keyUsages: [...new Set([...usages.key, ...(certificate.isCa ? (["keyCertSign"] as const) : [])])],
      extendedKeyUsages: usages.extended,
    };
  }
}

/**
 * tls.crt and ca.crt of a signed certificate, as cert-manager sorts a chain: a self-signed root is left out of tls.crt
 * and becomes ca.crt; without one the topmost certificate is both.
 * @see https://github.com/cert-manager/cert-manager/blob/master/pkg/util/pki/parse_certificate_chain.go
 */
function issued(
  certificate: Certificate,
  made: x509.X509Certificate,
  key: Key,
  upwards: readonly x509.X509Certificate[],
  warnings: readonly string[] = [],
): IssuedSecret {
  const line = upwards.filter((one, at) => upwards.findIndex((other) => other.equal(one)) === at);
  const top = line.at(-1) ?? made;
  const chain = line.length > 1 && isSelfIssued(top) ? line.slice(0, -1) : line;
  return { certificate, identity: { certificate: made, key }, chain, authority: top, warnings };
}

function refuse({ namespace, name }: Certificate, reason: string): Refusal {
  return { refused: `Certificate ${namespace}/${name}: ${reason}` };
}

/** cert-manager's defaults: RSA with 2048 bits, ECDSA with 256. */
function keyKind({ privateKey }: Certificate): KeyKind {
  switch (privateKey.algorithm) {
    case "ECDSA":
      return { algorithm: "ECDSA", size: privateKey.size ?? 256 };
    case "Ed25519":
      return { algorithm: "Ed25519" };
    default:
      return { algorithm: "RSA", size: privateKey.size ?? 2048 };
  }
}

/** In the order in which Go writes a subject. */
function subjectOf(certificate: Certificate): [string, string][] {
  const subject = fieldsAt(certificate.sourced.object, "spec", "subject");
  const lists: readonly (readonly [string, string])[] = [
    ["C", "countries"],
    ["O", "organizations"],
    ["OU", "organizationalUnits"],
    ["L", "localities"],
    ["ST", "provinces"],
    ["street", "streetAddresses"],
    ["2.5.4.17", "postalCodes"],
  ];
  const names = lists.flatMap(([attribute, field]) =>
    textList(subject[field]).map((value): [string, string] => [attribute, value]),
  );
  if (certificate.commonName !== undefined) names.push(["CN", certificate.commonName]);
  const serial = text(subject.serialNumber);
  if (serial !== undefined) names.push(["2.5.4.5", serial]);
  return names;
}

function isAuthority(certificate: x509.X509Certificate): boolean {
  const constraints = certificate.getExtension(BASIC_CONSTRAINTS);
  return constraints instanceof x509.BasicConstraintsExtension && constraints.ca;
}

function isSelfIssued(certificate: x509.X509Certificate): boolean {
  return certificate.subject === certificate.issuer;
}
