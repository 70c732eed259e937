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
  /** Rejected, with a message for the user, when the files cannot be had: the program must not go on then. */
  readonly prepared: Promise<void>;

  constructor(name: string, args: GatewayApiArgs, opts: pulumi.ComponentResourceOptions) {
    super("learn:platform:GatewayApi", name, {}, opts);
    const files = gatewayApiFiles(args.version);
    if (files === undefined) throw new pulumi.RunError(`no checksums are known for the Gateway API ${args.version}`);
    const dependsOn = this.preflight(name, args);
    const loading = load(files, args);
    this.prepared = loading.then(() => undefined);
    // Awaited later; a rejection before that is not unhandled.
    this.prepared.catch(() => undefined);
    const content = contents(files, loading);
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
type Loaded = readonly (readonly Manifest[] | undefined)[];

/**
 * The objects in each file. A preview downloads too, but is content without the network; an update is not.
 *
 * @throws pulumi.RunError in an update, when a file cannot be had or is not that of the release.
 */
async function load(files: readonly CrdFile[], args: GatewayApiArgs): Promise<Loaded> {
  const sources: FileSources = {
    version: args.version,
    mirror: args.mirror.crds,
    cache: cacheDirectory(process.env, homedir()),
    download: args.offline ? undefined : download,
  };
  const found = await Promise.allSettled(files.map((file) => objectsOf(file, sources)));
  const failed = found.find((one) => one.status === "rejected");
  if (failed && !pulumi.runtime.isDryRun()) throw failed.reason;
  // Not about a resource: such a message waits for the registration, which may wait for the end of this program.
  if (failed) await pulumi.log.warn(`${failed.reason.message}. This preview shows the CRDs' names only`);
  else if (found.some((one) => one.status === "fulfilled" && one.value === undefined))
    await pulumi.log.info("the CRDs of the Gateway API were never downloaded here: registered by name only");
  return found.map((one) => (one.status === "fulfilled" ? one.value : undefined));
}

/** Pending for ever when loading fails: `prepared` tells, once, instead of every object. */
function contents(files: readonly CrdFile[], loading: Promise<Loaded>): Contents {
  const loaded = new Promise<Loaded>((resolve) => {
    loading.then(resolve, () => undefined);
  });
  return (file) => pulumi.output(loaded.then((all) => all[files.indexOf(file)]));
}

/** The object with the file's content. */
function filled(skeleton: Manifest, objects: pulumi.Output<readonly Manifest[] | undefined>): Manifest {
  return {
    ...skeleton,
    spec: objects.apply((all) => all?.find(({ kind }) => kind === skeleton.kind)?.spec ?? nameOnly(skeleton)),
  };
}

const kinds: Readonly<Record<string, string>> = {
  backendtlspolicies: "BackendTLSPolicy",
  gatewayclasses: "GatewayClass",
  gateways: "Gateway",
  grpcroutes: "GRPCRoute",
  httproutes: "HTTPRoute",
  listenersets: "ListenerSet",
  referencegrants: "ReferenceGrant",
  tcproutes: "TCPRoute",
  tlsroutes: "TLSRoute",
  udproutes: "UDPRoute",
};

/**
 * What a preview says of a CRD whose file is not at hand: the kubernetes provider notes group and kind of every CRD it
 * checks, and refuses one without.
 */
function nameOnly({ kind, metadata }: Manifest): object {
  if (kind !== "CustomResourceDefinition") return {};
  const [plural = "", ...group] = metadata.name.split(".");
  return { group: group.join("."), names: { kind: kinds[plural], plural } };
}
