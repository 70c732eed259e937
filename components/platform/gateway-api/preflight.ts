import { StepFailure } from "../../commands/script.ts";

/** The part of a CustomResourceDefinition that tells who brought it. */
export interface InstalledCrd {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager?: string }[];
  };
}

/** @throws StepFailure when the Gateway API is there already, with its version, its installer and what to write. */
export function refuseForeign(crd: InstalledCrd | undefined): void {
  if (crd === undefined || crd.metadata.labels?.["app.kubernetes.io/managed-by"] === "pulumi") return;
  const { annotations = {}, managedFields = [] } = crd.metadata;
  const version = annotations["gateway.networking.k8s.io/bundle-version"] ?? "of unknown version";
  const channel = annotations["gateway.networking.k8s.io/channel"] ?? "unknown";
  const managers = [...new Set(managedFields.map(({ manager }) => manager).filter((one) => one !== undefined))];
  throw new StepFailure(
    `the cluster has the Gateway API already: ${version}, channel ${channel}, installed by ${managers.join(", ") || "somebody else"}. Two installers would overwrite each other. Leave it to them: learn:platform.gatewayApi: { install: false }`,
  );
}
