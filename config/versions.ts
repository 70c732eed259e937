/**
 * Every version the program installs, with the reason for it and where that can be read. A stack file may override a pin
 * (`learn:versions`); combinations that are known not to work are refused with their reason (config/versions/known-bad.ts).
 */
export { gatewayApiFiles, gatewayApiFileUrl } from "./versions/crd-files.ts";
export { images, imagesOf, vaultImage } from "./versions/images.ts";
export { knownBad } from "./versions/known-bad.ts";

export interface Pin {
  /** As the chart, release tag or image writes it: with or without `v`. */
  readonly version: string;
  readonly reason: string;
  /** Where the claim can be checked. */
  readonly source: string;
}

export const pins = {
  minikube: {
    version: "v1.39.0",
    reason:
      "kubectl exec works on Kubernetes 1.36 with every container runtime since 1.39; containerd is its default runtime",
    source: "https://github.com/kubernetes/minikube/releases/tag/v1.39.0",
  },
  kubernetes: {
    version: "v1.36.4",
    reason:
      "the newest minor that Istio 1.31, cert-manager 1.21 and vault-helm 0.34 all support; minikube's own default, 1.37, is outside",
    source: "https://istio.io/latest/docs/releases/supported-releases/",
  },
  gatewayApi: {
    version: "v1.6.3",
    reason: "standard channel with TLSRoute v1, the version that Istio ≥ 1.30 and NGINX Gateway Fabric ≥ 2.5 read",
    source: "https://github.com/kubernetes-sigs/gateway-api/releases/tag/v1.6.3",
  },
  istio: {
    version: "1.31.1",
    reason: "reads TLSRoute v1 without a feature flag; its CNI agent survives a restart of the node",
    source: "https://istio.io/latest/news/releases/1.31.x/announcing-1.31.1/",
  },
  certManager: {
    version: "v1.21.2",
    reason: "has config.gatewayAPI; keeps Vault's response bodies out of object status",
    source: "https://github.com/cert-manager/cert-manager/releases/tag/v1.21.2",
  },
  metallb: {
    version: "0.16.1",
    reason: "Kubernetes 1.36 refuses the CRDs of MetalLB 0.15 and older",
    source: "https://github.com/metallb/metallb/issues/3034",
  },
  vaultChart: {
    version: "0.34.1",
    reason: "tested by its makers on Kubernetes 1.32 to 1.36",
    source: "https://github.com/hashicorp/vault-helm/blob/v0.34.1/CHANGELOG.md",
  },
  vault: {
    version: "2.0.4",
    reason: "the server that chart 0.34.1 is made for",
    source: "https://github.com/hashicorp/vault-helm/blob/v0.34.1/values.yaml",
  },
  ingressNginx: {
    version: "4.15.1",
    reason: "the last release: ingress-nginx was retired in March 2026",
    source: "https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/",
  },
  nginxGatewayFabric: {
    version: "2.7.2",
    reason: "made for Gateway API 1.6; a data plane for each Gateway, TLSRoute without a flag",
    source: "https://github.com/nginx/nginx-gateway-fabric#technical-specifications",
  },
} as const satisfies Record<string, Pin>;

export type VersionKey = keyof typeof pins;

/** What is installed, one version each, written the way its chart, tag or image writes it. */
export type Versions = Readonly<Record<VersionKey, string>>;

/** The pins with a stack's own choices (`learn:versions`) in their place; a missing or superfluous `v` is mended. */
export function resolveVersions(overrides: Partial<Record<VersionKey, string | undefined>> = {}): Versions {
  const chosen = (key: VersionKey) => likePin(overrides[key] ?? pins[key].version, pins[key].version);
  return {
    minikube: chosen("minikube"),
    kubernetes: chosen("kubernetes"),
    gatewayApi: chosen("gatewayApi"),
    istio: chosen("istio"),
    certManager: chosen("certManager"),
    metallb: chosen("metallb"),
    vaultChart: chosen("vaultChart"),
    vault: chosen("vault"),
    ingressNginx: chosen("ingressNginx"),
    nginxGatewayFabric: chosen("nginxGatewayFabric"),
  };
}

function likePin(version: string, pin: string): string {
  const bare = version.replace(/^v/i, "");
  return pin.startsWith("v") ? `v${bare}` : bare;
}
