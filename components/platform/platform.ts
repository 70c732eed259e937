import type * as pulumi from "@pulumi/pulumi";
import { vaultConfiguration } from "../../config/derive/vault.ts";
import type { Prototype } from "../../config/schema.ts";
import type { Versions } from "../../config/versions.ts";
import type { Cluster } from "../cluster/index.ts";
import { CertManager } from "./cert-manager.ts";
import { GatewayApi } from "./gateway-api/gateway-api.ts";
import { IngressNginx } from "./ingress-nginx.ts";
import { IstioAmbient } from "./istio-ambient.ts";
import { MetalLb } from "./metallb/metallb.ts";
import { NginxGatewayFabric } from "./nginx-gateway-fabric.ts";
import { Vault } from "./vault/vault.ts";

export interface PlatformArgs {
  readonly prototype: Prototype;
  readonly versions: Versions;
  readonly cluster: Pick<
    Cluster,
    "context" | "kubeconfig" | "nodeAddress" | "containerRuntime" | "addresses" | "identifier" | "deletedWith"
  >;
  /** Never touch the network while planning (a rehearsal). */
  readonly offline: boolean;
}

/** What is installed before the applications: each part that learn:platform names, and nothing else. */
export class Platform {
  readonly metallb?: MetalLb;
  readonly gatewayApi?: GatewayApi;
  readonly istio?: IstioAmbient;
  readonly certManager?: CertManager;
  readonly vault?: Vault;
  readonly ingressNginx?: IngressNginx;
  readonly nginxGatewayFabric?: NginxGatewayFabric;

  constructor({ prototype, versions, cluster, offline }: PlatformArgs, opts: pulumi.ComponentResourceOptions) {
    const { platform, mirror } = prototype;
    const { context, kubeconfig, identifier, nodeAddress, containerRuntime } = cluster;
    const common = { versions, mirror };
    const addresses = cluster.addresses !== "none";
    const minikube = containerRuntime !== undefined;

    if (platform.metallb) this.metallb = new MetalLb("metallb", { ...common, ...platform.metallb, nodeAddress }, opts);
    if (platform.gatewayApi?.install) {
      const existing = minikube ? undefined : { context, kubeconfig };
      this.gatewayApi = new GatewayApi(
        "gateway-api",
        { version: versions.gatewayApi, mirror, offline, existing },
        opts,
      );
    }
    const crds = this.gatewayApi?.crds ?? [];
    if (platform.istio) {
      this.istio = new IstioAmbient("istio", { ...common, values: platform.istio.values, containerRuntime }, opts);
    }
    if (platform.certManager) {
      const gatewayApi = platform.gatewayApi !== undefined;
      this.certManager = new CertManager(
        "cert-manager",
        { ...common, ...platform.certManager, gatewayApi, after: crds },
        opts,
      );
    }
    if (platform.vault) {
      const configuration = vaultConfiguration(prototype);
      const at = { cluster: identifier, context, kubeconfig };
      this.vault = new Vault("vault", { ...common, ...platform.vault, configuration, ...at }, opts);
    }
    if (platform.ingressNginx) {
      const sslPassthrough = Object.values(prototype.apps).some(({ ingress }) => ingress?.tls?.mode === "Passthrough");
      this.ingressNginx = new IngressNginx(
        "ingress-nginx",
        { ...common, ...platform.ingressNginx, sslPassthrough, addresses, minikube, after: this.pool },
        opts,
      );
    }
    if (platform.nginxGatewayFabric) {
      this.nginxGatewayFabric = new NginxGatewayFabric(
        "nginx-gateway-fabric",
        { ...common, ...platform.nginxGatewayFabric, addresses, after: crds },
        opts,
      );
    }
  }

  /** Rejected, with a message for the user, when something cannot be had that the program needs; nothing is applied then. */
  get prepared(): Promise<void> {
    return this.gatewayApi?.prepared ?? Promise.resolve();
  }

  /** Who gives addresses to LoadBalancer Services, if that is ours. */
  get pool(): pulumi.Resource[] {
    return this.metallb?.ready ?? [];
  }

  /** What Gateways and routes cannot be created without. */
  get gatewayCrds(): pulumi.Resource[] {
    return this.gatewayApi?.crds ?? [];
  }

  /** What makes a Gateway Programmed: its controller, and who gives it an address. */
  get gatewayControllers(): pulumi.Resource[] {
    const controllers = [...(this.istio?.controllers ?? []), ...(this.nginxGatewayFabric?.ready ?? [])];
    return [...controllers, ...this.pool];
  }

  /** What admits and serves an Ingress. */
  get ingressControllers(): pulumi.Resource[] {
    return this.ingressNginx?.ready ?? [];
  }

  /** What pods of the ambient mesh cannot start without. */
  get mesh(): pulumi.Resource[] {
    return this.istio?.ready ?? [];
  }
}
