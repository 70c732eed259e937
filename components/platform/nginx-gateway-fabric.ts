import * as pulumi from "@pulumi/pulumi";
import { mergeValues, type Values } from "./charts/merge-values.ts";
import { chartRelease } from "./charts/release.ts";
import { imageName, ownNamespace, type PartArgs } from "./platform-args.ts";

export interface NginxGatewayFabricArgs extends PartArgs {
  /** Whether somebody gives addresses to LoadBalancer Services. */
  readonly addresses: boolean;
  /** The Gateway API's CRDs, which the controller does not start without. */
  readonly after: readonly pulumi.Resource[];
}

const namespace = "nginx-gateway";

/** NGINX as an implementation of the Gateway API: a control plane here, a data plane beside each Gateway (since 2.0). */
export class NginxGatewayFabric extends pulumi.ComponentResource {
  /** Gateways become Programmed once these are there. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: NginxGatewayFabricArgs, opts: pulumi.ComponentResourceOptions) {
    super("learn:platform:NginxGatewayFabric", name, {}, opts);
    const home = ownNamespace(namespace, { parent: this });
    const release = chartRelease(
      `${name}-release`,
      {
        chart: {
          name: "nginx-gateway-fabric",
          version: args.versions.nginxGatewayFabric,
          repository: "oci://ghcr.io/nginx/charts",
        },
        release: "ngf",
        namespace,
        values: mergeValues(nginxGatewayFabricValues(args), args.values),
        mirror: args.mirror.charts,
      },
      { parent: this, dependsOn: [home, ...args.after] },
    );
    this.ready = [release];
    this.registerOutputs({});
  }
}

/** https://github.com/nginx/nginx-gateway-fabric/tree/main/charts/nginx-gateway-fabric */
export function nginxGatewayFabricValues({
  versions: { nginxGatewayFabric: tag },
  mirror,
  addresses,
}: Pick<NginxGatewayFabricArgs, "versions" | "mirror" | "addresses">): Values {
  const image = (name: string) => ({ repository: imageName(name, mirror), tag, pullPolicy: "IfNotPresent" });
  return {
    nginxGateway: {
      image: image("ghcr.io/nginx/nginx-gateway-fabric"),
      gatewayClassName: "nginx",
      resources: { requests: { cpu: "50m", memory: "64Mi" } },
      productTelemetry: { enable: false },
    },
    nginx: {
      image: image("ghcr.io/nginx/nginx-gateway-fabric/nginx"),
      container: { resources: { requests: { cpu: "20m", memory: "64Mi" } } },
      service: { type: addresses ? "LoadBalancer" : "NodePort" },
    },
  };
}
