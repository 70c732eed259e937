import * as pulumi from "@pulumi/pulumi";
import { type KubernetesLogin, kubernetesAuthMount, vaultAddress } from "../../config/derive/vault.ts";
import { apply, type Manifest } from "../kubernetes/apply.ts";
import { certManagerAccount } from "../platform/cert-manager.ts";
import type { Authority, Leaf } from "./authority.ts";
import { certificate } from "./certificate.ts";

export interface VaultIssuerArgs {
  readonly login: KubernetesLogin;
  /** PEM of the authority behind Vault's own HTTPS. */
  readonly vaultCa: pulumi.Input<string>;
  /** PEM of the root above the mount: what clients of the leaves trust. */
  readonly rootCertificate?: pulumi.Output<string> | undefined;
  /** cert-manager, the namespace, and in Vault: role, policy and login. */
  readonly after: readonly pulumi.Resource[];
}

/** An Issuer of cert-manager that has Vault sign, and the account with which it may log in there, and nowhere else. */
export class VaultIssuer extends pulumi.ComponentResource implements Authority {
  readonly kind = "vault";
  readonly name: string;
  readonly namespace: string;
  declare readonly caCertificate?: pulumi.Output<string>;
  readonly #issuer: pulumi.Resource;

  constructor(name: string, args: VaultIssuerArgs, opts: pulumi.ComponentResourceOptions) {
    super("learn:pki:VaultIssuer", name, {}, opts);
    this.name = name;
    this.namespace = args.login.namespace;
    if (args.rootCertificate) this.caCertificate = args.rootCertificate;
    const { account, issuer } = vaultIssuerManifests(args.login, args.vaultCa);
    const before = account.map((manifest) => apply(manifest, { parent: this, dependsOn: [...args.after] }));
    this.#issuer = apply(issuer, { parent: this, dependsOn: [...before, ...args.after] });
    this.registerOutputs({});
  }

  issue(leaf: Leaf, after: readonly pulumi.Resource[] = []): pulumi.Resource[] {
    return [certificate(leaf, this.name, { parent: this, dependsOn: [this.#issuer, ...after] })];
  }
}

/** https://cert-manager.io/docs/configuration/vault/#secretless-authentication-with-a-service-account */
export function vaultIssuerManifests(
  login: KubernetesLogin,
  vaultCa: pulumi.Input<string>,
): { account: Manifest[]; issuer: Manifest } {
  const { issuer: name, namespace, serviceAccount, mount, role } = login;
  const caSecret = `${name}-vault-ca`;
  const tokenRole = `${name}-token`;
  return {
    account: [
      {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: serviceAccount, namespace },
        automountServiceAccountToken: false,
      },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: tokenRole, namespace },
        rules: [
          {
            apiGroups: [""],
            resources: ["serviceaccounts/token"],
            resourceNames: [serviceAccount],
            verbs: ["create"],
          },
        ],
      },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name: tokenRole, namespace },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: tokenRole },
        subjects: [{ kind: "ServiceAccount", ...certManagerAccount }],
      },
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: caSecret, namespace },
        type: "Opaque",
        stringData: { "ca.crt": vaultCa },
      },
    ],
    issuer: {
      apiVersion: "cert-manager.io/v1",
      kind: "Issuer",
      metadata: { name, namespace },
      spec: {
        vault: {
          server: vaultAddress,
          path: `${mount}/sign/${role}`,
          caBundleSecretRef: { name: caSecret, key: "ca.crt" },
          auth: {
            kubernetes: {
              role: name,
              mountPath: `/v1/auth/${kubernetesAuthMount}`,
              serviceAccountRef: { name: serviceAccount },
            },
          },
        },
      },
    },
  };
}
