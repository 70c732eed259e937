import * as pulumi from "@pulumi/pulumi";
import { seconds, duration as written } from "../../config/derive/durations.ts";
import type { IssuerConfig } from "../../config/schema.ts";
import { apply, type Manifest } from "../kubernetes/apply.ts";
import type { Authority, Leaf } from "./authority.ts";
import { certificate } from "./certificate.ts";

export interface SelfSignedAuthorityArgs {
  readonly namespace: string;
  readonly config: NonNullable<IssuerConfig["selfSigned"]>;
  /** cert-manager and the namespace. */
  readonly after: readonly pulumi.Resource[];
}

/** An authority of one namespace, made by cert-manager: self-signed root Issuer → CA Certificate → CA Issuer → leaves. */
export class SelfSignedAuthority extends pulumi.ComponentResource implements Authority {
  readonly kind = "selfSigned";
  readonly name: string;
  readonly namespace: string;
  readonly #issuer: pulumi.Resource;

  constructor(name: string, args: SelfSignedAuthorityArgs, opts: pulumi.ComponentResourceOptions) {
    super("learn:pki:SelfSignedAuthority", name, {}, opts);
    this.name = name;
    this.namespace = args.namespace;
    const [root, ca, issuer] = selfSignedManifests(name, args.namespace, args.config);
    const rootIssuer = apply(root, { parent: this, dependsOn: [...args.after] });
    const caCertificate = apply(ca, { parent: this, dependsOn: [rootIssuer] });
    this.#issuer = apply(issuer, { parent: this, dependsOn: [caCertificate] });
    this.registerOutputs({});
  }

  issue(leaf: Leaf, after: readonly pulumi.Resource[] = []): pulumi.Resource[] {
    return [certificate(leaf, this.name, { parent: this, dependsOn: [this.#issuer, ...after] })];
  }
}

/** Root Issuer, CA Certificate, CA Issuer; the last has the authority's own name. */
export function selfSignedManifests(
  name: string,
  namespace: string,
  { commonName, duration }: SelfSignedAuthorityArgs["config"],
): [root: Manifest, ca: Manifest, issuer: Manifest] {
  const root = `${name}-root`;
  const issuer = (of: string, spec: object): Manifest => ({
    apiVersion: "cert-manager.io/v1",
    kind: "Issuer",
    metadata: { name: of, namespace },
    spec,
  });
  return [
    issuer(root, { selfSigned: {} }),
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { name: root, namespace },
      spec: {
        isCA: true,
        commonName: commonName ?? `${name} root`,
        secretName: root,
        duration,
        renewBefore: written(Math.max(60, Math.floor(seconds(duration) / 10 / 60) * 60)),
        // Leaves stay valid when the root is renewed, because its key stays the same.
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" },
        usages: ["cert sign", "crl sign"],
        issuerRef: { name: root, kind: "Issuer", group: "cert-manager.io" },
      },
    },
    issuer(name, { ca: { secretName: root } }),
  ];
}
