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
