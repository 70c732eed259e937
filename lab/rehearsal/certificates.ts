import { X509Certificate } from "node:crypto";
import type { CertManager, IssuedSecret, Issuing } from "../issuing/cert-manager.ts";
import { toPem } from "../issuing/x509.ts";
import type { Certificate, Topology } from "../topology/model.ts";

/** A certificate that the stack declares, and what came of it. */
export interface DeclaredCertificate {
  /** "namespace/name" of the Secret. */
  readonly secret: string;
  readonly certificate: Certificate;
  readonly issuing: Issuing;
}

/** Issues every Certificate of a topology, in its order. */
export async function issueAll(topology: Topology, certManager: CertManager): Promise<DeclaredCertificate[]> {
  return Promise.all(
    topology.certificates.map(async (certificate) => ({
      secret: `${certificate.namespace}/${certificate.secretName}`,
      certificate,
      issuing: await certManager.issue(certificate),
    })),
  );
}

/** One certificate of a chain, in words. */
export interface ChainLink {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  /** "ECDSA P-256", "RSA 2048". */
  readonly key: string;
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
}

/** The chain of an issued certificate, leaf first, root last. */
export function chainLinks({ chain, authority }: IssuedSecret): ChainLink[] {
  const line = chain.some((one) => one.equal(authority)) ? chain : [...chain, authority];
  return line.map((one) => chainLink(new X509Certificate(toPem(one))));
}

/** What of a certificate people look at. */
export function chainLink(certificate: X509Certificate): ChainLink {
  const names = (certificate.subjectAltName ?? "")
    .split(", ")
    .filter((name) => name !== "")
    .map((name) => name.replace(/^(DNS|IP Address|URI|email):/, ""));
  return {
    subject: commonName(certificate.subject) ?? names[0] ?? certificate.subject,
    issuer: commonName(certificate.issuer) ?? certificate.issuer,
    names,
    key: keyText(certificate),
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
  };
}

function commonName(name: string | undefined): string | undefined {
  return /^CN=(.*)$/m.exec(name ?? "")?.[1];
}

const CURVES: Readonly<Record<string, string>> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };

function keyText({ publicKey }: X509Certificate): string {
  const { namedCurve, modulusLength } = publicKey.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return `RSA ${modulusLength}`;
  return namedCurve === undefined ? "Ed25519" : `ECDSA ${CURVES[namedCurve] ?? namedCurve}`;
}
