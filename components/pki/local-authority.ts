import * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest.js";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert.js";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert.js";
import { seconds } from "../../config/derive/durations.ts";
import type { IssuerConfig } from "../../config/schema.ts";
import { apply } from "../kubernetes/apply.ts";
import type { Authority, Leaf } from "./authority.ts";

export interface LocalAuthorityArgs {
  readonly config: NonNullable<IssuerConfig["local"]>;
}

const keyType = { algorithm: "ECDSA", ecdsaCurve: "P256" };

/**
 * An authority that the program makes itself, the way one would with OpenSSL. Nothing in the cluster renews what it signs:
 * an `up` does, in the last third of a leaf's lifetime.
 */
export class LocalAuthority extends pulumi.ComponentResource implements Authority {
  readonly kind = "local";
  readonly name: string;
  readonly caCertificate: pulumi.Output<string>;
  readonly #key: pulumi.Output<string>;

  constructor(name: string, { config }: LocalAuthorityArgs, opts: pulumi.ComponentResourceOptions) {
    super("learn:pki:LocalAuthority", name, {}, opts);
    this.name = name;
    const key = new PrivateKey(`${name}-key`, keyType, { parent: this });
    const certificate = new SelfSignedCert(
      `${name}-certificate`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: config.commonName },
        isCaCertificate: true,
        setSubjectKeyId: true,
        allowedUses: ["cert_signing", "crl_signing"],
        ...lifetime(config.duration),
      },
      { parent: this },
    );
    this.#key = key.privateKeyPem;
    this.caCertificate = certificate.certPem;
    this.registerOutputs({});
  }

  issue(leaf: Leaf, after: readonly pulumi.Resource[] = []): pulumi.Resource[] {
    const prefix = `${this.name}-${leaf.namespace}-${leaf.name}`;
    const key = new PrivateKey(`${prefix}-key`, keyType, { parent: this });
    const [commonName = leaf.name] = leaf.dnsNames;
    const request = new CertRequest(
      `${prefix}-request`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName },
        dnsNames: [...leaf.dnsNames],
        ipAddresses: [...leaf.ipAddresses],
      },
      { parent: this },
    );
    const signed = new LocallySignedCert(
      `${prefix}-certificate`,
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: this.#key,
        caCertPem: this.caCertificate,
        allowedUses: ["digital_signature", "server_auth"],
        setSubjectKeyId: true,
        ...lifetime(leaf.duration),
      },
      { parent: this },
    );
    const secret = apply(
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: leaf.secretName, namespace: leaf.namespace },
        type: "kubernetes.io/tls",
        stringData: {
          "ca.crt": this.caCertificate,
          "tls.crt": pulumi.concat(signed.certPem, this.caCertificate),
          "tls.key": key.privateKeyPem,
        },
      },
      { parent: this, dependsOn: [...after] },
    );
    return [secret];
  }
}

/** Whole hours, and when to sign anew: the tls provider counts in hours. */
function lifetime(duration: string): { validityPeriodHours: number; earlyRenewalHours: number } {
  const hours = Math.max(1, Math.round(seconds(duration) / 3600));
  return { validityPeriodHours: hours, earlyRenewalHours: Math.floor(hours / 3) };
}
