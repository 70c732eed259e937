import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import type * as pulumi from "@pulumi/pulumi";
import { type Chart, chartSource } from "./source.ts";

export interface ChartReleaseArgs {
  readonly chart: Chart;
  /** Name of the release in Helm, which charts derive their objects' names from. */
  readonly release: string;
  readonly namespace: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Seconds until Helm gives up waiting for the release to be ready; default 600. */
  readonly timeout?: number;
  /** Do not wait for its pods: they cannot become ready by themselves. */
  readonly skipAwait?: boolean;
  /** learn:mirror.charts */
  readonly mirror?: string | undefined;
}

/** A Helm release with everything explicit: name, version, namespace (made by somebody else), time limit. */
export function chartRelease(name: string, args: ChartReleaseArgs, opts: pulumi.CustomResourceOptions): Release {
  const { chart, release, namespace, values, timeout = 600, skipAwait = false, mirror } = args;
  return new Release(
    name,
    {
      ...chartSource(chart, mirror),
      name: release,
      namespace,
      createNamespace: false,
      timeout,
      skipAwait,
      values: { ...values },
    },
    { ...opts, customTimeouts: { create: `${timeout}s`, update: `${timeout}s`, delete: "5m" } },
  );
}
