import * as pulumi from "@pulumi/pulumi";
import { apply } from "../../kubernetes/apply.ts";

import { mergeValues, type Values } from "../charts/merge-values.ts";
import { chartRelease } from "../charts/release.ts";
import { imageName, ownNamespace, type PartArgs } from "../platform-args.ts";
import { poolOf } from "./pool.ts";

export interface MetalLbArgs extends PartArgs {
  /** Address ranges; default: derived from the node's network. */
  readonly addresses?: readonly string[] | undefined;
  readonly nodeAddress?: pulumi.Input<string> | undefined;
}

const namespace = "metallb-system";

/** MetalLB in layer 2 mode: gives addresses of the node's own network to LoadBalancer Services and answers ARP for them. */
export class MetalLb extends pulumi.ComponentResource {
  /** A Service gets its address once these are there. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: MetalLbArgs, opts: pulumi.ComponentResourceOptions) {
    super("learn:platform:MetalLb", name, {}, opts);
    const addresses = addressRanges(args);
    const home = ownNamespace(namespace, { parent: this }, { privileged: true });
    const release = chartRelease(
      `${name}-release`,
      {
        chart: { name: "metallb", version: args.versions.metallb, repository: "https://metallb.github.io/metallb" },
        release: "metallb",
        namespace,
        values: mergeValues(metallbValues(args), args.values),
        mirror: args.mirror.charts,
      },
      { parent: this, dependsOn: [home] },
    );
    // The controller's webhook checks pools, so it must run first; the release waits for that.
    const pool = apply(poolManifest(addresses), { parent: this, dependsOn: [release] });
    const announcement = apply(announcementManifest(), { parent: this, dependsOn: [release] });
    this.ready = [release, pool, announcement];
    this.registerOutputs({});
  }
}

/** https://metallb.io/installation/ and the chart's values.yaml */
export function metallbValues({ versions, mirror }: PartArgs): Values {
  const image = (part: string) => ({
    repository: imageName(`quay.io/metallb/${part}`, mirror),
    tag: `v${versions.metallb}`,
  });
  const resources = { requests: { cpu: "10m", memory: "64Mi" } };
  return {
    controller: { image: image("controller"), resources },
    speaker: {
      image: image("speaker"),
      resources,
      // kubeadm labels control-plane nodes so that load balancers leave them out; on a single node nobody would be left.
      ignoreExcludeLB: true,
      frr: { enabled: false },
    },
    frrk8s: { enabled: false },
  };
}

function addressRanges({ addresses, nodeAddress }: MetalLbArgs): pulumi.Input<pulumi.Input<string>[]> {
  if (addresses) return [...addresses];
  if (nodeAddress !== undefined) return [pulumi.output(nodeAddress).apply(poolOf)];
  throw new pulumi.RunError(
    "learn:platform.metallb.addresses: missing; on an existing cluster the pool cannot be derived, give a range of its network",
  );
}

function poolManifest(addresses: pulumi.Input<pulumi.Input<string>[]>) {
  return {
    apiVersion: "metallb.io/v1beta1",
    kind: "IPAddressPool",
    metadata: { name: "pool", namespace },
    spec: { addresses },
  };
}

function announcementManifest() {
  return {
    apiVersion: "metallb.io/v1beta1",
    kind: "L2Advertisement",
    metadata: { name: "pool", namespace },
    spec: { ipAddressPools: ["pool"] },
  };
}
