import * as pulumi from "@pulumi/pulumi";
import { namespaceOf } from "../../config/derive/apps.ts";
import { type GatewaySpec, gatewaysOf } from "../../config/derive/gateways.ts";
import { type RouteSpec, routesOf } from "../../config/derive/routes.ts";
import type { Prototype } from "../../config/schema.ts";
import { apply, type KubernetesObject } from "../kubernetes/apply.ts";
import { gatewayManifest } from "./gateway-manifest.ts";
import { grantManifests } from "./grant-manifest.ts";
import { ingressManifest } from "./ingress-manifest.ts";
import { routeManifest } from "./route-manifest.ts";
import { usesWaypoint, waypointManifest } from "./waypoint-manifest.ts";

export interface TrafficArgs {
  readonly prototype: Prototype;
  /** Whether something hands out addresses: without it nobody may wait for one. */
  readonly addresses: boolean;
  /** The Namespace objects by name. */
  readonly namespaces: Readonly<Record<string, pulumi.Resource>>;
  /** What Gateways and routes cannot be created without. */
  readonly gatewayCrds: readonly pulumi.Resource[];
  /** What makes a Gateway Programmed: its controller, and who gives it an address. */
  readonly gatewayControllers: readonly pulumi.Resource[];
  /** What admits and serves an Ingress. */
  readonly ingressControllers: readonly pulumi.Resource[];
}

/** A Gateway's or Ingress's address once somebody has given it one. */
type Addresses = Readonly<Record<string, pulumi.Output<string | undefined>>>;

/** Every way in: Gateways, routes, grants, waypoints and Ingress rules of a stack. */
export class Traffic extends pulumi.ComponentResource {
  /** By `namespace/name` of the Gateway. */
  readonly gatewayAddresses: Addresses;
  /** By name of the application. */
  readonly ingressAddresses: Addresses;

  constructor(name: string, args: TrafficArgs, opts: pulumi.ComponentResourceOptions) {
    super("learn:traffic:Traffic", name, {}, opts);
    const { prototype } = args;
    const gateways = gatewaysOf(prototype);
    const routes = Object.keys(prototype.apps).flatMap((app) => routesOf(prototype, app));

    this.gatewayAddresses = this.gateways(args, gateways);
    this.routes(args, gateways, routes);
    this.waypoints(args);
    this.ingressAddresses = this.ingresses(args);
    this.registerOutputs({});
  }

  private gateways(args: TrafficArgs, gateways: readonly GatewaySpec[]): Addresses {
    return Object.fromEntries(
      gateways.map((gateway) => {
        const manifest = gatewayManifest(gateway, { annotations: waitFor(gateway, args.addresses) });
        const object = apply(manifest, {
          parent: this,
          dependsOn: [...args.gatewayCrds, ...args.gatewayControllers, ...inNamespace(args, gateway.namespace)],
          customTimeouts: { create: "10m", update: "10m" },
        });
        return [`${gateway.namespace}/${gateway.name}`, gatewayAddress(object)];
      }),
    );
  }

  private routes(args: TrafficArgs, gateways: readonly GatewaySpec[], routes: readonly RouteSpec[]): void {
    for (const manifest of [...routes.map(routeManifest), ...grantManifests(gateways, routes)]) {
      apply(manifest, {
        parent: this,
        dependsOn: [...args.gatewayCrds, ...inNamespace(args, manifest.metadata.namespace)],
      });
    }
  }

  private waypoints(args: TrafficArgs): void {
    for (const namespace of usesWaypoint(args.prototype)) {
      apply(waypointManifest(namespace), {
        parent: this,
        dependsOn: [...args.gatewayCrds, ...args.gatewayControllers, ...inNamespace(args, namespace)],
      });
    }
  }

  private ingresses(args: TrafficArgs): Addresses {
    const annotations: Record<string, string> = args.addresses ? {} : { "pulumi.com/skipAwait": "true" };
    return Object.fromEntries(
      Object.entries(args.prototype.apps).flatMap(([app, config]) => {
        if (!config.ingress) return [];
        const object = apply(ingressManifest(app, config, config.ingress, annotations), {
          parent: this,
          dependsOn: [...args.ingressControllers, ...inNamespace(args, namespaceOf(app, config))],
        });
        return [[app, ingressAddress(object)]];
      }),
    );
  }
}

/**
 * What to wait for: `Programmed` needs an address, so a LoadBalancer where nobody gives addresses waits for `Accepted`
 * only. Syntax: https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
function waitFor(gateway: GatewaySpec, addresses: boolean): Record<string, string> {
  const reachable = gateway.service === "ClusterIP" || addresses;
  return { "pulumi.com/waitFor": `condition=${reachable ? "Programmed" : "Accepted"}` };
}

function inNamespace({ namespaces }: TrafficArgs, name: string | undefined): pulumi.Resource[] {
  const namespace = name === undefined ? undefined : namespaces[name];
  return namespace ? [namespace] : [];
}

function gatewayAddress({ status }: KubernetesObject): pulumi.Output<string | undefined> {
  return status.apply((value) => firstText(value, ["addresses", 0, "value"]));
}

function ingressAddress({ status }: KubernetesObject): pulumi.Output<string | undefined> {
  return status.apply(
    (value) =>
      firstText(value, ["loadBalancer", "ingress", 0, "ip"]) ??
      firstText(value, ["loadBalancer", "ingress", 0, "hostname"]),
  );
}

function firstText(value: unknown, path: readonly (string | number)[]): string | undefined {
  const found = path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
  return typeof found === "string" ? found : undefined;
}
