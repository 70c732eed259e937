import { randomBytes, webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { ANY_HOST, certificateCovers } from "../../topology/hostnames.ts";
import type { SecretUse } from "../plan/model.ts";
import type { CertificateAnswer, CertificateStore, ServedCertificate } from "./store.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY = 24 * 3600 * 1000;

x509.cryptoProvider.set(webcrypto);

/**
 * An authority that lives as long as the process and issues whatever Secret is asked for. Certificates are made when
 * they are first needed; a name asked for that the Secret's hosts leave open is put in, unless a Certificate in the
 * manifests says which names there are.
 */
export class ThrowAwayAuthority implements CertificateStore {
  /** The authority's own certificate, PEM. */
  readonly certificatePem: string;
  readonly #certificate: x509.X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #issued = new Map<string, Promise<ServedCertificate>>();
  readonly #onIssue: ((use: SecretUse) => void) | undefined;

  private constructor(
    certificate: x509.X509Certificate,
    keys: webcrypto.CryptoKeyPair,
    onIssue: ((use: SecretUse) => void) | undefined,
  ) {
    this.#certificate = certificate;
    this.#keys = keys;
    this.#onIssue = onIssue;
    this.certificatePem = `${certificate.toString("pem")}\n`;
  }

  /** Makes a fresh authority; `onIssue` hears of the first certificate of each Secret. */
  static async create(name = "Throw-away CA", onIssue?: (use: SecretUse) => void): Promise<ThrowAwayAuthority> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serial(),
      name: `CN=${name}`,
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + 30 * DAY),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new ThrowAwayAuthority(certificate, keys, onIssue);
  }

  problem(): undefined {
    return undefined;
  }

  certificate(use: SecretUse, sni: string | undefined): Promise<CertificateAnswer> {
    const names = new Set(use.hostnames.filter((name) => name !== ANY_HOST));
    if (!use.declared && sni !== undefined && ![...names].some((name) => certificateCovers(name, sni))) names.add(sni);
    const secret = `${use.namespace}/${use.name}`;
    const key = `${secret} ${[...names].join(",")}`;
    let issued = this.#issued.get(key);
    if (issued === undefined) {
      if (![...this.#issued.keys()].some((other) => other.startsWith(`${secret} `))) this.#onIssue?.(use);
      issued = this.issue([...names]);
      this.#issued.set(key, issued);
    }
    return issued;
  }

  trusted(): readonly string[] {
    return [this.certificatePem];
  }

  /** A certificate for these names; `lifetime` moves the time at which it ends (milliseconds from now). */
  async issue(names: readonly string[], lifetime = DAY): Promise<ServedCertificate> {
    const keys = await newKeys();
    const [first = "localhost"] = names;
    const leaf = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: first.length <= 64 ? `CN=${first}` : "O=Throw-away",
      issuer: this.#certificate.subject,
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + lifetime),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(subjectNames(names.length > 0 ? names : [first])),
        await x509.AuthorityKeyIdentifierExtension.create(this.#certificate),
      ],
    });
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
    const lines = pkcs8.match(/.{1,64}/g) ?? [];
    return {
      chain: `${leaf.toString("pem")}\n`,
      key: `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`,
    };
  }
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

/** Sixteen random octets, positive. */
function serial(): string {
  const octets = randomBytes(16);
  octets[0] = (octets[0] ?? 0) & 0x7f || 1;
  return octets.toString("hex");
}

function subjectNames(names: readonly string[]): x509.JsonGeneralNames {
  return names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? "ip" : "dns", value }));
}
