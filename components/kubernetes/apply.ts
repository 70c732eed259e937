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

/**
 * Registers objects that belong together, the ServiceAccounts first. Kubernetes refuses pods whose account is not there,
 * and their ReplicaSet waits longer after each refusal.
 */
export function applyTogether(manifests: readonly Manifest[], opts: TogetherOptions): void {
  const { dependsOn, ...rest } = opts;
  const isAccount = ({ kind }: Manifest) => kind === "ServiceAccount";
  const make = (manifest: Manifest, after: readonly pulumi.Resource[]) =>
    apply(manifest, { ...rest, dependsOn: [...dependsOn, ...after] });
  const accounts = manifests.filter(isAccount).map((manifest) => make(manifest, []));
  for (const manifest of manifests) if (!isAccount(manifest)) make(manifest, accounts);
}

interface TogetherOptions extends Omit<pulumi.CustomResourceOptions, "dependsOn"> {
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Pulumi's type token of an object: the core group, which has no name in `apiVersion`, is called `core`. */
export function typeToken({ apiVersion, kind }: Manifest): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/** The logical name of an object: unique in a stack because Kubernetes' own identity is. */
export function objectName({ kind, metadata }: Manifest): string {
  return [kind.toLowerCase(), metadata.namespace, metadata.name].filter((part) => part !== undefined).join("-");
}
