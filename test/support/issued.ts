import { type Fields, fields } from "../../lab/manifests/fields.ts";
import type { KubeObject } from "../../lab/manifests/object.ts";

/** Reasons and messages of cert-manager 1.21 (pkg/issuer/{ca,selfsigned,vault}/setup.go, certificates/readiness). */
const READY: Readonly<Record<string, readonly [reason: string, message: string]>> = {
  ca: ["KeyPairVerified", "Signing CA verified"],
  selfSigned: ["IsReady", ""],
  vault: ["VaultVerified", "Vault verified"],
};

/** The status of an Issuer or Certificate with which all is well, as cert-manager's controller writes it; it runs in no test here. */
export function issuedStatus({ kind, spec }: KubeObject): Fields {
  const source = Object.keys(fields(spec)).find((key) => READY[key] !== undefined) ?? "";
  const [reason, message] =
    kind === "Certificate"
      ? ["Ready", "Certificate is up to date and has not expired"]
      : (READY[source] ?? ["Ready", ""]);
  return { conditions: [{ type: "Ready", status: "True", reason, message, observedGeneration: 1 }] };
}
