import * as pulumi from "@pulumi/pulumi";

/** One Kubernetes object as it is applied; any leaf may be an Output of another resource. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** A registered Kubernetes object; `status` is known once the engine has created it (and waited for it, if told so). */
export class KubernetesObject extends pulumi.CustomResource {
  declare readonly status: pulumi.Output<unknown>;

  constructor(manifest: Manifest, opts: pulumi.CustomResourceOptions) {
    super(typeToken(manifest), objectName(manifest), { ...manifest, status: undefined }, opts);
  }
}

/**
 * Registers one Kubernetes object, named after itself (`httproute-mango-mango`).
 *
 * This is what the SDK's generated classes do too (`kubernetes:<group>/<version>:<Kind>` with the manifest as inputs);
 * doing it in one place keeps manifests plain data and saves loading 900 generated modules at every start.
 */
export function apply(manifest: Manifest, opts: pulumi.CustomResourceOptions): KubernetesObject {
  return new KubernetesObject(manifest, opts);
}

/** Pulumi's type token of an object: the core group, which has no name in `apiVersion`, is called `core`. */
export function typeToken({ apiVersion, kind }: Manifest): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/** The logical name of an object: unique in a stack because Kubernetes' own identity is. */
export function objectName({ kind, metadata }: Manifest): string {
  return [kind.toLowerCase(), metadata.namespace, metadata.name].filter((part) => part !== undefined).join("-");
}
