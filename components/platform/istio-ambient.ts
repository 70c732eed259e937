import type { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformConfig } from "../../config/schema.ts";
import { mergeValues, type Values } from "./charts/merge-values.ts";
import { chartRelease } from "./charts/release.ts";
import { imageHome, ownNamespace, type PartArgs } from "./platform-args.ts";

export interface IstioAmbientArgs extends Omit<PartArgs, "values"> {
  readonly values?: NonNullable<PlatformConfig["istio"]>["values"];
  /** Container runtime of a minikube node; undefined elsewhere. */
  readonly containerRuntime?: string | undefined;
}

const namespace = "istio-system";
const repository = "https://blob.istio.io/istio-release/charts";

/**
 * Istio without sidecars: istiod programs the gateways, istio-cni redirects the traffic of ambient pods to ztunnel, which
 * speaks mTLS for them (https://istio.io/latest/docs/ambient/install/helm/).
 */
export class IstioAmbient extends pulumi.ComponentResource {
  /** Gateways become Programmed once these are there. */
  readonly controllers: pulumi.Resource[];
  /** Pods of ambient namespaces start once these are there. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: IstioAmbientArgs, opts: pulumi.ComponentResourceOptions) {
    super("learn:platform:IstioAmbient", name, {}, opts);
    const { versions, mirror } = args;
    const home = ownNamespace(namespace, { parent: this }, { privileged: true });
    const chart = (part: keyof typeof releases, dependsOn: pulumi.Resource[]): Release =>
      chartRelease(
        `${name}-${part}`,
        {
          chart: { name: part, version: versions.istio, repository },
          release: releases[part],
          namespace,
          values: mergeValues(istioValues(args)[part], args.values?.[part]),
          mirror: mirror.charts,
        },
        { parent: this, dependsOn },
      );

    const base = chart("base", [home]);
    const cni = chart("cni", [home]);
    const istiod = chart("istiod", [base]);
    // ztunnel is ready when istiod has given it a certificate and istio-cni a socket.
    const ztunnel = chart("ztunnel", [istiod, cni]);
    this.controllers = [istiod];
    this.ready = [istiod, cni, ztunnel];
    this.registerOutputs({});
  }
}

const releases = { base: "istio-base", istiod: "istiod", cni: "istio-cni", ztunnel: "ztunnel" } as const;

/** Values of the four charts. Requests are those of a laptop; istiod alone would ask for half a CPU and 2 GiB. */
export function istioValues({
  versions,
  mirror,
  containerRuntime,
}: Pick<IstioAmbientArgs, "versions" | "mirror" | "containerRuntime">): Record<keyof typeof releases, Values> {
  const requests = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });
  const global = {
    hub: imageHome("docker.io/istio", mirror),
    tag: versions.istio,
    // The network namespaces of the docker runtime lie elsewhere; those of containerd and cri-o where Istio looks.
    ...(containerRuntime === "docker" ? { platform: "minikube" } : {}),
  };
  return {
    base: { defaultRevision: "default" },
    istiod: {
      profile: "ambient",
      global: { ...global, proxy: requests("20m", "64Mi") },
      autoscaleEnabled: false,
      ...requests("100m", "256Mi"),
    },
    cni: { profile: "ambient", global, ...requests("20m", "64Mi") },
    ztunnel: { profile: "ambient", global, hub: global.hub, tag: global.tag, ...requests("50m", "128Mi") },
  };
}
