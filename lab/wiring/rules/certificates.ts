import { fields } from "../../manifests/fields.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import type { Topology } from "../../topology/model.ts";
import { type Finding, warning } from "../finding.ts";

/** W39: a certificate that serves hosts is no CA, and one that signs is. */
export function certificates({ gateways, ingresses, issuers }: Topology): Finding[] {
  const findings: Finding[] = [];
  const listeners = gateways.flatMap((gateway) => gateway.listeners.map((listener) => ({ listener, gateway })));
  const served = [
    ...listeners.flatMap(({ listener, gateway }) =>
      (listener.tls?.certificates ?? []).map(({ resolution }) => ({
        certificate: resolution.certificate,
        user: gateway.ref,
      })),
    ),
    ...ingresses.flatMap(({ tls, ref }) =>
      tls.map((entry) => ({ certificate: entry.certificate?.resolution.certificate, user: ref })),
    ),
  ];
  for (const { certificate, user } of served) {
    if (certificate === undefined || !certificate.isCa) continue;
    const message = `serves hosts but is a CA (isCA: true): whoever gets its key can sign any certificate of the chain`;
    const fix = "remove isCA, and issue the leaf from a CA issuer";
    findings.push(warning("W39", { from: certificate.ref, to: user, message, fix, path: "/spec/isCA" }));
  }
  for (const { source, ref } of issuers) {
    if (source.type !== "ca" || source.certificate === undefined || source.certificate.isCa) continue;
    if (isUnknown(fields(source.certificate.sourced.object.spec).isCA)) continue;
    const message = `signs certificates for its issuer but is no CA: clients refuse what it signs`;
    findings.push(
      warning("W39", { from: source.certificate.ref, to: ref, message, fix: "set isCA: true", path: "/spec/isCA" }),
    );
  }
  return findings;
}
