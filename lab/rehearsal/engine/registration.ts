import type { Fields } from "../../manifests/fields.ts";
import type { KubeObject } from "../../manifests/object.ts";

/** One resource as the program registered it and as the stand-in provider answered. */
export interface Registration {
  readonly urn: string;
  /** Type token, such as "kubernetes:core/v1:Service" or "learn:traffic:Gateway". */
  readonly type: string;
  readonly name: string;
  /** URN of the parent; undefined for the stack itself. */
  readonly parent: string | undefined;
  /** False for components. */
  readonly custom: boolean;
  /** Secrets unwrapped; a leaf that is not known yet is `UNKNOWN` of lab/manifests. */
  readonly inputs: Fields;
  /** What the stand-in provider answered, secrets unwrapped; registerOutputs of a component. */
  outputs: Fields;
  readonly id: string;
  /** URNs that it waits for. */
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** "urn::id" of the provider. */
  readonly provider: string | undefined;
  /** URN of the resource whose deletion takes this one along; inherited from the parent, as the engine does. */
  readonly deletedWith: string | undefined;
  readonly options: RegistrationOptions;
  /** The Kubernetes object, for resources that are one (Helm Releases are none). */
  readonly object: KubeObject | undefined;
}

export interface RegistrationOptions {
  readonly protect: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly replaceWith: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** Timeouts as Go durations ("10m0s" or seconds); "" = the provider's default. */
  readonly timeouts: { readonly create: string; readonly update: string; readonly delete: string };
  /** Version of the provider's SDK. */
  readonly version: string;
}

/** A line that the program or the engine has to say. */
export interface LogLine {
  readonly severity: "debug" | "info" | "warning" | "error";
  readonly message: string;
  /** The resource it is about; "" = the program. */
  readonly urn: string;
}
