import { homedir } from "node:os";
import * as pulumi from "@pulumi/pulumi";
import type { MirrorConfig } from "../../../config/schema.ts";
import { type CrdFile, gatewayApiFiles } from "../../../config/versions/crd-files.ts";
import { nodeStep } from "../../commands/node-step.ts";
import { gatewayApiPreflightStep } from "../../commands/platform-steps.ts";
import { apply, type Manifest } from "../../kubernetes/apply.ts";
import { cacheDirectory, download, type FileSources, objectsOf } from "./files.ts";

export interface GatewayApiArgs {
  /** Release, such as v1.6.3. */
  readonly version: string;
  readonly mirror: MirrorConfig;
  /** Never touch the network: objects that are not at hand are registered by name only. */
  readonly offline: boolean;
  /** An existing cluster may have the CRDs from somebody else; then the program says so and installs nothing. */
  readonly existing?: { readonly context: string; readonly kubeconfig?: string | undefined } | undefined;
}

/**
 * The Gateway API's CRDs (standard channel), one object each, and its policy against unsafe upgrades. One installer per
 * cluster: where somebody else has installed them, `learn:platform.gatewayApi: { install: false }` leaves them alone.
 */
export class GatewayApi extends pulumi.ComponentResource {
  /** Gateways and routes can be created once these are there. */
  readonly crds: pulumi.Resource[];

  constructor(name: string, args: GatewayApiArgs, opts: pulumi.ComponentResourceOptions) {
    super("learn:platform:GatewayApi", name, {}, opts);
    const files = gatewayApiFiles(args.version);
    if (files === undefined) throw new pulumi.RunError(`no checksums are known for the Gateway API ${args.version}`);
    const dependsOn = this.preflight(name, args);
    const content = contents(files, args, this);
    this.crds = files.flatMap((file) =>
      skeletons(file, args.version).map((skeleton) =>
        apply(filled(skeleton, content(file)), { parent: this, dependsOn }),
      ),
    );
    this.registerOutputs({});
  }

  private preflight(name: string, { existing }: GatewayApiArgs): pulumi.Resource[] {
    if (existing === undefined) return [];
    const step = nodeStep(
      `${name}-preflight`,
      {
        step: gatewayApiPreflightStep,
        script: "components/platform/gateway-api/preflight-cli.ts",
        verbs: { update: "update" },
        parameters: { ...existing },
      },
      { parent: this },
    );
    return [step];
  }
}

/**
 * What a file defines, known without reading it: metadata is the same in every file of a release (but for the label of
 * policy attachments). The api-approved annotation is what the API server demands of CRDs in a group of Kubernetes' own.
 */
export function skeletons({ plural }: CrdFile, version: string): Manifest[] {
  const bundle = {
    "gateway.networking.k8s.io/bundle-version": version,
    "gateway.networking.k8s.io/channel": "standard",
  };
  const ours: Record<string, string> = { "app.kubernetes.io/managed-by": "pulumi" };
  if (plural === "vap_safeupgrades") {
    const metadata = { name: "safe-upgrades.gateway.networking.k8s.io", labels: ours, annotations: bundle };
    return ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"].map((kind) => ({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind,
      metadata,
    }));
  }
  const policy: Record<string, string> =
    plural === "backendtlspolicies" ? { "gateway.networking.k8s.io/policy": "Direct" } : {};
  const annotations = {
    ...bundle,
    "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api/pull/4530",
    "pulumi.com/waitFor": "condition=Established",
  };
  return [
    {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.gateway.networking.k8s.io`, labels: { ...ours, ...policy }, annotations },
    },
  ];
}

type Contents = (file: CrdFile) => pulumi.Output<readonly Manifest[] | undefined>;

/**
 * The objects in each file. A preview downloads too, but is content without the network; an update is not.
 */
function contents(files: readonly CrdFile[], args: GatewayApiArgs, on: pulumi.Resource): Contents {
  const sources: FileSources = {
    version: args.version,
    mirror: args.mirror.crds,
    cache: cacheDirectory(process.env, homedir()),
    download: args.offline ? undefined : download,
  };
  const all = Promise.all(files.map((file) => objectsOf(file, sources).catch(unlessPreview)));
  const said = all.then((found) => {
    if (!args.offline && found.includes(undefined))
      return pulumi.log.warn("the Gateway API's CRDs are not at hand: this preview shows their names only", on);
    return undefined;
  });
  return (file) => pulumi.output(said.then(() => all).then((found) => found[files.indexOf(file)]));
}

function unlessPreview(error: unknown): undefined {
  if (!pulumi.runtime.isDryRun()) throw error;
  return undefined;
}

/** The object with the file's content. */
function filled(skeleton: Manifest, objects: pulumi.Output<readonly Manifest[] | undefined>): Manifest {
  return {
    ...skeleton,
    spec: objects.apply((all) => all?.find(({ kind }) => kind === skeleton.kind)?.spec ?? {}),
  };
}
