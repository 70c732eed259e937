import type { Prototype } from "../schema.ts";
import type { Versions } from "../versions.ts";

/**
 * Images the program names itself; all are multi-architecture (amd64 and arm64) and pinned.
 * Charts name theirs, see {@link imagesOf}.
 */
export const images = {
  /** Answers every request with one fixed text, port 5678. */
  httpEcho: "docker.io/hashicorp/http-echo:1.0.0",
  /** Welcome page; configured to speak TLS on 443 with a mounted certificate. */
  nginx: "docker.io/library/nginx:1.30.5",
  /** NGINX's demo page in plain text (server address, server name, URI), port 80. */
  cafe: "docker.io/nginxdemos/hello:0.4-plain-text",
  bookinfo: {
    productpage: "docker.io/istio/examples-bookinfo-productpage-v1:1.20.3",
    details: "docker.io/istio/examples-bookinfo-details-v1:1.20.3",
    ratings: "docker.io/istio/examples-bookinfo-ratings-v1:1.20.3",
    reviewsV1: "docker.io/istio/examples-bookinfo-reviews-v1:1.20.3",
    reviewsV2: "docker.io/istio/examples-bookinfo-reviews-v2:1.20.3",
    reviewsV3: "docker.io/istio/examples-bookinfo-reviews-v3:1.20.3",
  },
} as const;

/** Vault's servers and the unsealer beside them. */
export function vaultImage({ vault }: Versions): string {
  return `docker.io/hashicorp/vault:${vault}`;
}

/** Every image that a stack pulls, sorted, under its public name. */
export function imagesOf(prototype: Prototype, versions: Versions): string[] {
  const { platform } = prototype;
  const found = new Set<string>();
  for (const key of ["metallb", "istio", "certManager", "vault", "ingressNginx", "nginxGatewayFabric"] as const)
    if (platform[key] !== undefined) for (const image of chartImages[key](versions)) found.add(image);
  for (const app of Object.values(prototype.apps)) for (const image of appImages(app)) found.add(image);
  return [...found].sort();
}

/** What each chart runs at a version, with the values that components/platform sets. */
export const chartImages = {
  metallb: ({ metallb }: Versions) => ["controller", "speaker"].map((name) => `quay.io/metallb/${name}:v${metallb}`),
  // The ambient profile takes the distroless variant; ztunnel has no other. proxyv2 is what a Gateway or waypoint runs.
  istio: ({ istio }: Versions) => [
    ...["pilot", "install-cni", "proxyv2"].map((name) => `docker.io/istio/${name}:${istio}-distroless`),
    `docker.io/istio/ztunnel:${istio}-distroless`,
  ],
  certManager: ({ certManager }: Versions) =>
    ["controller", "webhook", "cainjector", "acmesolver", "startupapicheck"].map(
      (name) => `quay.io/jetstack/cert-manager-${name}:${certManager}`,
    ),
  vault: (versions: Versions) => [vaultImage(versions)],
  ingressNginx: ({ ingressNginx }: Versions) => ingressNginxImages(ingressNginx),
  nginxGatewayFabric: ({ nginxGatewayFabric }: Versions) => [
    `ghcr.io/nginx/nginx-gateway-fabric:${nginxGatewayFabric}`,
    `ghcr.io/nginx/nginx-gateway-fabric/nginx:${nginxGatewayFabric}`,
  ],
} as const;

/** Tags of the controller and of its certificate Job by version of the chart; 4.15.1 is the last there is. */
const ingressNginxTags: Readonly<Record<string, readonly [controller: string, certgen: string]>> = {
  "4.15.0": ["v1.15.0", "v1.6.8"],
  "4.15.1": ["v1.15.1", "v1.6.9"],
};

function ingressNginxImages(chart: string): string[] {
  const tags = ingressNginxTags[chart];
  if (tags === undefined) return [];
  return [
    `registry.k8s.io/ingress-nginx/controller:${tags[0]}`,
    `registry.k8s.io/ingress-nginx/kube-webhook-certgen:${tags[1]}`,
  ];
}

function appImages(app: Prototype["apps"][string]): string[] {
  if (app.echo !== undefined) return [images.httpEcho];
  if (app.nginx) return [images.nginx];
  if (app.bookinfo) return Object.values(images.bookinfo);
  if (app.cafe) return [images.cafe];
  return app.image ? [app.image.name] : [];
}
