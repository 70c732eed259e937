import type * as pulumi from "@pulumi/pulumi";

/** A leaf certificate that somebody wants, and the Secret it is to be put into. */
export interface Leaf {
  readonly name: string;
  readonly namespace: string;
  /** kubernetes.io/tls Secret: tls.crt (the leaf, then its signers), tls.key, ca.crt. */
  readonly secretName: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** Lifetime, such as 2160h. */
  readonly duration: string;
}

/** Who signs, whatever the way: an entry of learn:issuers. */
export interface Authority {
  readonly name: string;
  /** Namespace whose certificates it signs; a local authority signs for every one. */
  readonly namespace?: string;
  readonly kind: "local" | "selfSigned" | "vault";
  /** Registers what makes the leaf's Secret; `after`: the namespace it stands in. */
  issue(leaf: Leaf, after?: readonly pulumi.Resource[]): pulumi.Resource[];
  /** PEM of the root to trust; of a self-signed authority inside the cluster only ca.crt of its Secrets tells. */
  readonly caCertificate?: pulumi.Output<string>;
}
