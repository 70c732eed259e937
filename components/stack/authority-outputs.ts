import type * as pulumi from "@pulumi/pulumi";
import { namespaceOf } from "../../config/derive/apps.ts";
import { leavesOf } from "../../config/derive/certificates.ts";
import type { Prototype } from "../../config/schema.ts";
import type { Authority } from "../pki/authority.ts";

/** How to come by the root certificate of an authority: its PEM, or the Secret in the cluster that holds it. */
export type AuthorityOutput =
  | { readonly pem: pulumi.Output<string> }
  | { readonly secret: { readonly namespace: string; readonly name: string; readonly key: string } };

/** The authorities of a stack by their names in learn:issuers. */
export function authorityOutputs(
  prototype: Prototype,
  authorities: Readonly<Record<string, Authority>>,
): Record<string, AuthorityOutput> {
  const outputs: Record<string, AuthorityOutput> = {};
  for (const [name, { caCertificate }] of Object.entries(authorities)) {
    const found = caCertificate === undefined ? leafSecret(prototype, name) : { pem: caCertificate };
    if (found) outputs[name] = found;
  }
  return outputs;
}

/** cert-manager writes the root a leaf hangs on into `ca.crt` of the leaf's Secret. */
function leafSecret(prototype: Prototype, issuer: string): AuthorityOutput | undefined {
  const leaf = leavesOf(prototype).find((one) => one.issuer === issuer);
  return leaf && { secret: { namespace: namespaceOf(leaf.name, leaf), name: leaf.secret, key: "ca.crt" } };
}
