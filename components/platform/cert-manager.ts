import * as pulumi from "@pulumi/pulumi";
import semver from "semver";
import { mergeValues, type Values } from "./charts/merge-values.ts";
import { chartRelease } from "./charts/release.ts";
import { imageHome, ownNamespace, type PartArgs } from "./platform-args.ts";

export interface CertManagerArgs extends PartArgs {
  /** Whether the cluster has (or gets) the Gateway API; without its CRDs cert-manager must not look for Gateways. */
  readonly gatewayApi: boolean;
  /** The CRDs cert-manager looks for once, when it starts. */
  readonly after: readonly pulumi.Resource[];
}

/** Namespace and ServiceAccount of the controller, which mints tokens for Issuers that ask Vault. */
export const certManagerAccount = { namespace: "cert-manager", name: "cert-manager" } as const;

/** cert-manager with its CRDs: turns Certificates into Secrets and renews them (https://cert-manager.io/docs/). */
export class CertManager extends pulumi.ComponentResource {
  /** Issuers and Certificates are admitted once these are there. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: CertManagerArgs, opts: pulumi.ComponentResourceOptions) {
    super("learn:platform:CertManager", name, {}, opts);
    const { namespace } = certManagerAccount;
    const home = ownNamespace(namespace, { parent: this });
    const release = chartRelease(
      `${name}-release`,
      {
        chart: {
          name: "cert-manager",
          version: args.versions.certManager,
          repository: "oci://quay.io/jetstack/charts",
        },
        release: "cert-manager",
        namespace,
        values: mergeValues(certManagerValues(args), args.values),
        mirror: args.mirror.charts,
      },
      { parent: this, dependsOn: [home, ...args.after] },
    );
    this.ready = [release];
    this.registerOutputs({});
  }
}

/** The chart's schema refuses unknown keys, and older charts have other ones. */
export function certManagerValues({
  versions: { certManager },
  mirror,
  gatewayApi,
}: Pick<CertManagerArgs, "versions" | "mirror" | "gatewayApi">): Values {
  const home = imageHome("quay.io/jetstack", mirror);
  const recent = !semver.lt(semver.coerce(certManager) ?? "0.0.0", "1.21.0");
  const image = (part: string) => ({ image: { repository: `${home}/cert-manager-${part}`, tag: certManager } });
  const resources = { requests: { cpu: "10m", memory: "32Mi" } };
  return {
    crds: { enabled: true, keep: false },
    ...image("controller"),
    resources,
    webhook: { ...image("webhook"), resources },
    cainjector: { ...image("cainjector"), resources },
    acmesolver: image("acmesolver"),
    startupapicheck: image("startupapicheck"),
    ...(gatewayApi ? { config: recent ? { gatewayAPI: { enabled: true } } : olderGatewayConfig } : {}),
  };
}

const olderGatewayConfig = {
  apiVersion: "controller.config.cert-manager.io/v1alpha1",
  kind: "ControllerConfiguration",
  enableGatewayAPI: true,
};
