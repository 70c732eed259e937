import { join } from "node:path";
import { moduleSource } from "./go.ts";

/** Directories with the CustomResourceDefinitions of each project, in the sources of the pinned modules. */
export async function crdDirectories(): Promise<Record<string, string>> {
  const [gatewayApi, certManager, metallb, istio] = await Promise.all([
    moduleSource("crds", "sigs.k8s.io/gateway-api"),
    moduleSource("crds", "github.com/cert-manager/cert-manager"),
    moduleSource("crds", "go.universe.tf/metallb"),
    moduleSource("istio", "istio.io/istio"),
  ]);
  return {
    gatewayApi: join(gatewayApi, "config/crd/standard"),
    certManager: join(certManager, "deploy/crds"),
    metallb: join(metallb, "config/crd/bases"),
    istio: join(istio, "manifests/charts/base/files"),
  };
}

const SOURCES = { kwok: "sigs.k8s.io/kwok", istio: "istio.io/istio" } as const;

/** Directories of the sources of modules, of which a part reads more than CRDs. */
export async function sourceDirectories(names: readonly (keyof typeof SOURCES)[]): Promise<Record<string, string>> {
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await moduleSource(name, SOURCES[name])])),
  );
}
