import semver from "semver";
import type { Prototype } from "../schema.ts";
import type { Versions } from "../versions.ts";
import { gatewayApiFiles, knownGatewayApiReleases } from "./crd-files.ts";

/** What the rules look at: the versions, and which of them a stack really installs. */
interface Installed {
  readonly versions: Versions;
  /** Kubernetes' version is only ours to know when the stack makes the cluster. */
  readonly minikube?: { readonly containerRuntime: string };
  readonly platform: Prototype["platform"];
}

type Rule = (installed: Installed) => string | undefined;

/**
 * Combinations of versions that are known not to work, as messages that begin with the key at fault
 * (`learn:versions.istio: …`), give the reason and the way out. Parts that the stack does not install are not looked at.
 */
export function knownBad(prototype: Pick<Prototype, "cluster" | "platform">, versions: Versions): string[] {
  const installed: Installed = { versions, minikube: prototype.cluster.minikube, platform: prototype.platform };
  return rules.map((rule) => rule(installed)).filter((message) => message !== undefined);
}

const istioAndGatewayApi: Rule = ({ versions: { istio, gatewayApi }, platform }) => {
  if (!platform.istio || !platform.gatewayApi) return undefined;
  if (older(istio, "1.30.0") && !older(gatewayApi, "1.5.0"))
    return `learn:versions.istio: Istio ${istio} reads TLSRoute v1alpha2, which Gateway API ${gatewayApi} no longer serves (it would never become ready, or ignore every TLSRoute). Take Istio 1.30 or newer, or Gateway API older than 1.5. See https://github.com/istio/istio/issues/59387`;
  if (!older(istio, "1.30.0") && older(gatewayApi, "1.5.0"))
    return `learn:versions.gatewayApi: Istio ${istio} reads TLSRoute v1, which begins with Gateway API 1.5; with ${gatewayApi} passthrough routes are silently ignored. Take Gateway API 1.5 or newer. See https://github.com/istio/istio/issues/59949`;
  return undefined;
};

/** Kubernetes minors each Istio minor supports (https://istio.io/latest/docs/releases/supported-releases/). */
const istioRanges: Readonly<Record<string, Range>> = {
  "1.28": [30, 34],
  "1.29": [31, 35],
  "1.30": [32, 36],
  "1.31": [32, 36],
};
/** https://cert-manager.io/docs/releases/ */
const certManagerRanges: Readonly<Record<string, Range>> = { "1.19": [31, 35], "1.20": [32, 35], "1.21": [33, 36] };

type Range = readonly [number, number];

const istioAndKubernetes: Rule = ({ versions, minikube, platform }) =>
  minikube && platform.istio ? outside("istio", "Istio", versions, istioRanges) : undefined;

const certManagerAndKubernetes: Rule = ({ versions, minikube, platform }) =>
  minikube && platform.certManager ? outside("certManager", "cert-manager", versions, certManagerRanges) : undefined;

const istioBeforeAmbient: Rule = ({ versions: { istio }, platform }) =>
  platform.istio && older(istio, "1.24.0")
    ? `learn:versions.istio: ambient mode became stable in Istio 1.24; ${istio} is older. Take 1.30 or newer. See https://istio.io/latest/blog/2024/ambient-reaches-ga/`
    : undefined;

const metallbAndKubernetes: Rule = ({ versions: { metallb, kubernetes }, minikube, platform }) =>
  minikube && platform.metallb && older(metallb, "0.16.0") && !older(kubernetes, "1.36.0")
    ? `learn:versions.metallb: Kubernetes ${kubernetes} refuses the CRDs of MetalLB ${metallb} (an int32 field with a larger maximum). Take MetalLB 0.16.0 or newer. See https://github.com/metallb/metallb/issues/3034`
    : undefined;

const ngfAndGatewayApi: Rule = ({ versions: { nginxGatewayFabric, gatewayApi }, platform }) => {
  if (!platform.nginxGatewayFabric) return undefined;
  if (older(nginxGatewayFabric, "2.0.0"))
    return `learn:versions.nginxGatewayFabric: NGINX Gateway Fabric ${nginxGatewayFabric} serves one Gateway per cluster and takes other chart values. Take 2.5 or newer. See https://github.com/nginx/nginx-gateway-fabric/blob/main/CHANGELOG.md`;
  const [least, most] = older(nginxGatewayFabric, "2.5.0")
    ? ["1.3.0", "1.5.0"]
    : older(nginxGatewayFabric, "2.7.0")
      ? ["1.5.0", "1.6.0"]
      : ["1.6.0", "1.7.0"];
  if (!older(gatewayApi, least) && older(gatewayApi, most)) return undefined;
  return `learn:versions.nginxGatewayFabric: NGINX Gateway Fabric ${nginxGatewayFabric} is made for Gateway API from ${least} up to but not including ${most}, not for ${gatewayApi}. Change one of the two. See https://github.com/nginx/nginx-gateway-fabric#technical-specifications`;
};

const ngfAndKubernetes: Rule = ({ versions: { nginxGatewayFabric, kubernetes }, minikube, platform }) => {
  if (!minikube || !platform.nginxGatewayFabric) return undefined;
  const least = older(nginxGatewayFabric, "2.5.0")
    ? "1.25.0"
    : older(nginxGatewayFabric, "2.7.0")
      ? "1.31.0"
      : "1.32.0";
  if (!older(kubernetes, least)) return undefined;
  return `learn:versions.kubernetes: NGINX Gateway Fabric ${nginxGatewayFabric} needs Kubernetes ${least.replace(/\.0$/, "")} or newer, not ${kubernetes}. See https://github.com/nginx/nginx-gateway-fabric#technical-specifications`;
};

const gatewayApiAndKubernetes: Rule = ({ versions: { gatewayApi, kubernetes }, minikube, platform }) =>
  minikube && platform.gatewayApi && !older(gatewayApi, "1.5.0") && older(kubernetes, "1.31.0")
    ? `learn:versions.kubernetes: the validation rules of Gateway API ${gatewayApi} need Kubernetes 1.31 or newer, not ${kubernetes}. See https://github.com/kubernetes-sigs/gateway-api/blob/v1.5.1/CHANGELOG/1.5-CHANGELOG.md`
    : undefined;

const gatewayApiChecksums: Rule = ({ versions: { gatewayApi }, platform }) =>
  platform.gatewayApi?.install && gatewayApiFiles(gatewayApi) === undefined
    ? `learn:versions.gatewayApi: no checksums are known for the files of ${gatewayApi}, so they cannot be installed. Known: ${knownGatewayApiReleases.join(", ")}. Take one of them, add the sums to config/versions/crd-files.ts, or install the CRDs yourself and set learn:platform.gatewayApi.install: false`
    : undefined;

/** The newest Kubernetes each minikube knows (its pkg/minikube/constants/constants.go). */
const newestOfMinikube: Readonly<Record<string, string>> = { "1.38": "1.35.1", "1.39": "1.37.0" };

const minikubeAndKubernetes: Rule = ({ versions: { minikube: tool, kubernetes }, minikube }) => {
  if (!minikube) return undefined;
  if (minikube.containerRuntime === "docker" && older(tool, "1.39.0") && !older(kubernetes, "1.36.0"))
    return `learn:versions.minikube: kubectl exec does not work with the docker runtime on Kubernetes ${kubernetes} before minikube 1.39. Take minikube v1.39.0, or containerRuntime: containerd. See https://github.com/kubernetes/minikube/pull/23603`;
  const newest = newestOfMinikube[minor(tool)];
  if (newest === undefined || !older(newest, bare(kubernetes)) || minor(newest) === minor(kubernetes)) return undefined;
  return `learn:versions.kubernetes: minikube ${tool} knows Kubernetes up to v${newest}, not ${kubernetes}. Take an older Kubernetes or a newer minikube.`;
};

const certManagerTooOld: Rule = ({ versions: { certManager }, platform }) =>
  platform.certManager && older(certManager, "1.15.0")
    ? `learn:versions.certManager: cert-manager ${certManager} has no crds.enabled and no stable Gateway API support; both begin with 1.15. Take ${knownCertManager}. See https://cert-manager.io/docs/releases/release-notes/release-notes-1.15/`
    : undefined;
const knownCertManager = "v1.21.2";

const vaultTooOld: Rule = ({ versions: { vault }, platform }) =>
  platform.vault && older(vault, "1.11.0")
    ? `learn:versions.vault: PKI engines with named issuers begin with Vault 1.11; ${vault} is older. Take 2.0.4. See https://developer.hashicorp.com/vault/docs/v1.11.x/secrets/pki`
    : undefined;

const rules: readonly Rule[] = [
  istioAndGatewayApi,
  istioBeforeAmbient,
  istioAndKubernetes,
  certManagerTooOld,
  certManagerAndKubernetes,
  metallbAndKubernetes,
  ngfAndGatewayApi,
  ngfAndKubernetes,
  gatewayApiAndKubernetes,
  gatewayApiChecksums,
  minikubeAndKubernetes,
  vaultTooOld,
];

function outside(
  key: "istio" | "certManager",
  name: string,
  versions: Versions,
  ranges: Readonly<Record<string, Range>>,
): string | undefined {
  const range = ranges[minor(versions[key])];
  const kubernetes = semver.parse(bare(versions.kubernetes));
  if (range === undefined || kubernetes === null) return undefined;
  const [least, most] = range;
  if (kubernetes.major === 1 && kubernetes.minor >= least && kubernetes.minor <= most) return undefined;
  return `learn:versions.kubernetes: ${name} ${versions[key]} supports Kubernetes 1.${least} to 1.${most}, not ${versions.kubernetes}. Change learn:versions.kubernetes or learn:versions.${key}.`;
}

function bare(version: string): string {
  const full = /^v?\d+\.\d+$/.test(version) ? `${version}.0` : version;
  return full.replace(/^v/, "");
}

function minor(version: string): string {
  return bare(version).split(".").slice(0, 2).join(".");
}

/** Whether `version` comes before `than`; a pre-release counts as its release (1.6.0-rc.1 is no older than 1.6.0). */
function older(version: string, than: string): boolean {
  return semver.lt(semver.coerce(bare(version)) ?? "0.0.0", than);
}
