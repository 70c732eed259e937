import * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest.js";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert.js";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert.js";

const day = 24;
/** The leaf lives a year and is renewed by any `up` in its last month; its authority lives ten. */
const lifetimes = { authority: 3650 * day, authorityEarly: 400 * day, leaf: 365 * day, leafEarly: 30 * day };

/** Every name under which a Vault server is addressed: by Service, by pod, from inside its own pod. */
export const listenerNames = [
  "vault.vault.svc.cluster.local",
  "vault.vault.svc",
  "vault.vault",
  "vault",
  "vault-active.vault.svc.cluster.local",
  "vault-active.vault.svc",
  "*.vault",
  "*.vault-internal",
  "*.vault-internal.vault",
  "*.vault-internal.vault.svc",
  "*.vault-internal.vault.svc.cluster.local",
  "localhost",
];

/** An authority of Vault's own and the certificate of its listeners, made by the program: Vault cannot sign its own door. */
export class ListenerCertificate extends pulumi.ComponentResource {
  readonly caCertificate: pulumi.Output<string>;
  readonly certificate: pulumi.Output<string>;
  readonly privateKey: pulumi.Output<string>;

  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("learn:platform:VaultListenerCertificate", name, {}, opts);
    const key = { algorithm: "ECDSA", ecdsaCurve: "P256" };
    const caKey = new PrivateKey(`${name}-ca-key`, key, { parent: this });
    const ca = new SelfSignedCert(
      `${name}-ca`,
      {
        privateKeyPem: caKey.privateKeyPem,
        subject: { commonName: "Vault listener authority" },
        isCaCertificate: true,
        allowedUses: ["cert_signing", "crl_signing"],
        validityPeriodHours: lifetimes.authority,
        earlyRenewalHours: lifetimes.authorityEarly,
        setSubjectKeyId: true,
      },
      { parent: this },
    );
    const leafKey = new PrivateKey(`${name}-key`, key, { parent: this });
    const request = new CertRequest(
      `${name}-request`,
      {
        privateKeyPem: leafKey.privateKeyPem,
        subject: { commonName: "vault.vault.svc" },
        dnsNames: listenerNames,
        ipAddresses: ["127.0.0.1"],
      },
      { parent: this },
    );
    const leaf = new LocallySignedCert(
      `${name}-certificate`,
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: caKey.privateKeyPem,
        caCertPem: ca.certPem,
        allowedUses: ["digital_signature", "server_auth", "client_auth"],
        validityPeriodHours: lifetimes.leaf,
        earlyRenewalHours: lifetimes.leafEarly,
        setSubjectKeyId: true,
      },
      { parent: this },
    );
    this.caCertificate = ca.certPem;
    this.certificate = leaf.certPem;
    this.privateKey = leafKey.privateKeyPem;
    this.registerOutputs({});
  }
}
