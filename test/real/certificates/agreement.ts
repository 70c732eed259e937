import assert from "node:assert/strict";
import type { CertManager } from "../../../lab/issuing/cert-manager.ts";
import { x509 } from "../../../lab/issuing/peculiar.ts";
import { readCertificates } from "../../../lab/issuing/x509.ts";
import type { Certificate } from "../../../lab/topology/model.ts";
import type { FilledSecrets } from "./filled-secrets.ts";

/** Asserts that cert-manager has put into a Certificate's Secret what the rehearsal's issuer puts there. */
export async function sameAsRehearsed(
  rehearsed: CertManager,
  certificate: Certificate,
  filled: FilledSecrets,
): Promise<void> {
  const { namespace, name, secretName } = certificate;
  const what = `${namespace}/${name}`;
  const issuing = await rehearsed.issue(certificate);
  assert.ok(!("refused" in issuing), what);
  const { "tls.crt": chain = "", "ca.crt": authority = "" } = filled.data({ namespace, name: secretName });
  assert.deepEqual(readCertificates(chain).map(factsOf), issuing.chain.map(factsOf), what);
  assert.deepEqual(readCertificates(authority).map(factsOf), [factsOf(issuing.authority)], `the authority of ${what}`);
}

/** What a client can see of a certificate and does not change from one issuing to the next. */
function factsOf(certificate: x509.X509Certificate) {
  const { notBefore, notAfter } = certificate;
  const names = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON() ?? [];
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    names: names.map(({ type, value }) => `${type}:${value}`).sort(),
    key: certificate.publicKey.algorithm,
    usages: certificate.getExtension(x509.KeyUsagesExtension)?.usages,
    extendedUsages: certificate.getExtension(x509.ExtendedKeyUsageExtension)?.usages.map(String).sort(),
    authority: certificate.getExtension(x509.BasicConstraintsExtension)?.ca ?? false,
    critical: certificate.extensions
      .filter(({ critical }) => critical)
      .map(({ type }) => type)
      .sort(),
    minutes: Math.round((notAfter.getTime() - notBefore.getTime()) / 60_000),
  };
}
