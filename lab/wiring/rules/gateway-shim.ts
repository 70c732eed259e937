import type { Sourced } from "../../manifests/object.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import { annotatedIssuer } from "../../topology/certificates.ts";
import type { CertificateRef, Listener, OfObject, Topology } from "../../topology/model.ts";
import { error, type Finding, warning } from "../finding.ts";

/**
 * W38: what cert-manager needs of the listeners of a Gateway that it makes certificates for by annotation.
 * @see https://cert-manager.io/docs/usage/gateway/
 */
export function gatewayShim({ gateways, listenerSets }: Topology): Finding[] {
  return [...gateways, ...listenerSets].filter(isAnnotated).flatMap((owner) => {
    const own = owner.listeners.filter((listener) => listener.owner.ref.kind === owner.ref.kind);
    return own.flatMap((listener) => oneListener(listener));
  });
}

function isAnnotated({ sourced }: OfObject & { sourced: Sourced }): boolean {
  return annotatedIssuer(sourced) !== undefined;
}

function oneListener(listener: Listener): Finding[] {
  const { protocol, tls, name, index } = listener;
  const from = listener.owner.ref;
  const path = `/spec/listeners/${index}`;
  if (protocol !== "HTTPS" && protocol !== "TLS") {
    const message = `listener ${name} (${protocol}) of a Gateway annotated for cert-manager gets no certificate; some releases warn of it (BadConfig)`;
    return [
      warning("W38", { from, to: null, message, fix: "use an explicit Certificate instead of the annotation", path }),
    ];
  }
  if (tls?.mode === "Passthrough") {
    const message = `listener ${name} passes TLS through, so cert-manager makes no certificate for it; some releases warn of it (BadConfig)`;
    return [warning("W38", { from, to: null, message, fix: "use an explicit Certificate for the backend", path })];
  }
  const found = (message: string, fix: string) => [
    error("W38", { from, to: null, message: `listener ${name} ${message}`, fix, path }),
  ];
  if (listener.hostname === undefined && !isUnknown(listener.raw.hostname)) {
    return found(
      "has no hostname, so cert-manager skips it and makes no certificate",
      "add hostname: the name for the certificate",
    );
  }
  // Other references than to Secrets are W11's.
  const elsewhere = (tls?.certificates ?? []).find((ref) => isElsewhere(ref, listener));
  if (elsewhere === undefined) return [];
  const message = `refers to Secret ${elsewhere.namespace}/${elsewhere.name}, but cert-manager makes Secrets only in the Gateway's own namespace`;
  return found(message, `remove namespace from the certificateRef`);
}

function isElsewhere(ref: CertificateRef, { namespace }: Listener): boolean {
  return ref.kind === "Secret" && ref.namespace !== namespace && !isUnknown(ref.namespace) && !isUnknown(namespace);
}
