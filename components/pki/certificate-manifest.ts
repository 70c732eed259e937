import { seconds, duration as written } from "../../config/derive/durations.ts";
import type { Manifest } from "../kubernetes/apply.ts";
import type { Leaf } from "./authority.ts";

/** The longest common name an X.509 subject takes (RFC 5280, ub-common-name). */
const longestCommonName = 64;

/** A server certificate of cert-manager for a leaf: ECDSA P-256, a new key with each renewal, renewed after two thirds. */
export function certificateManifest(leaf: Leaf, issuer: string): Manifest {
  const { name, namespace, secretName, dnsNames, ipAddresses, duration } = leaf;
  const commonName = dnsNames.find((host) => host.length <= longestCommonName);
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name, namespace },
    spec: {
      secretName,
      duration,
      renewBefore: renewBefore(duration),
      ...(commonName === undefined ? {} : { commonName }),
      dnsNames: [...dnsNames],
      ...(ipAddresses.length === 0 ? {} : { ipAddresses: [...ipAddresses] }),
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      usages: ["digital signature", "server auth"],
      issuerRef: { name: issuer, kind: "Issuer", group: "cert-manager.io" },
    },
  };
}

/** The last third of a lifetime, in whole minutes, or seconds where it is shorter than three. */
export function renewBefore(duration: string): string {
  const third = Math.floor(seconds(duration) / 3);
  return written(third >= 60 ? third - (third % 60) : Math.max(third, 1));
}
