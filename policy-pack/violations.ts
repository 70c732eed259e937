import { UnknownValueError } from "@pulumi/policy";
import { type Fields, isFields } from "../lab/manifests/fields.ts";
import { formatRef, type KubeObject, refOf } from "../lab/manifests/object.ts";
import { UNKNOWN } from "../lab/manifests/unknown.ts";
import { ASSUMED, type Known } from "../lab/topology/known.ts";
import { buildTopology } from "../lab/topology/topology.ts";
import { check } from "../lab/wiring/check.ts";
import { type Finding, formatEnds } from "../lab/wiring/finding.ts";

/** A resource as Pulumi shows it to a stack policy. */
export interface StackResource {
  readonly type: string;
  readonly urn: string;
  readonly props: Fields;
}

export interface Settings {
  readonly ignore?: readonly string[];
  readonly complete?: boolean;
  readonly gatewayClasses?: readonly string[];
  readonly ingressClasses?: readonly string[];
  /** Objects that somebody else makes, as "Kind/namespace/name". */
  readonly provided?: readonly string[];
}

export interface Violation {
  readonly message: string;
  /** The resource at which the wire begins; absent where it is none of the stack's. */
  readonly urn?: string;
}

/** What the wiring rules find in the Kubernetes objects of a stack, of one severity. */
export async function violationsOf(
  resources: readonly StackResource[],
  severity: Finding["severity"],
  settings: Settings = {},
): Promise<Violation[]> {
  const objects = resources.flatMap((resource) => {
    const object = objectOf(resource);
    return object === undefined ? [] : [{ object, urn: resource.urn }];
  });
  const urns = new Map(objects.map(({ object, urn }) => [formatRef(refOf(object)), urn]));
  const topology = buildTopology(
    objects.map(({ object }) => ({ object })),
    knownOf(settings),
  );
  const findings = await check(topology);
  return findings
    .filter((finding) => finding.severity === severity && !settings.ignore?.includes(finding.rule))
    .map((finding) => {
      const urn = urns.get(formatRef(finding.from));
      return { message: messageOf(finding), ...(urn === undefined ? {} : { urn }) };
    });
}

function messageOf(finding: Finding): string {
  return `${finding.rule} ${formatEnds(finding)}: ${finding.message}. Fix: ${finding.fix}`;
}

function knownOf({ complete = false, gatewayClasses = [], ingressClasses = [], provided = [] }: Settings): Known {
  return {
    gatewayClasses: [...ASSUMED.gatewayClasses, ...gatewayClasses],
    ingressClasses: [...ASSUMED.ingressClasses, ...ingressClasses],
    complete,
    provided: new Set(provided),
  };
}

/** The Kubernetes object behind a resource: those of the SDK's own types and CustomResources, patches of namespaces too. */
function objectOf({ type, props }: StackResource): KubeObject | undefined {
  if (!/^kubernetes:[^:]+\/[^:]+:[^:]+$/.test(type) || type.startsWith("kubernetes:helm.sh/")) return undefined;
  const plain = known(props);
  if (!isFields(plain) || !isFields(plain.metadata)) return undefined;
  const { status: _, ...fields } = plain;
  const { apiVersion, kind, metadata } = fields;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || !isFields(metadata)) return undefined;
  if (typeof metadata.name !== "string" || apiVersion === UNKNOWN) return undefined;
  return {
    ...fields,
    apiVersion,
    kind: kind === "NamespacePatch" ? "Namespace" : kind,
    metadata: { ...metadata, name: metadata.name },
  };
}

/** A copy without proxies: what is not known yet at preview becomes {@link UNKNOWN}, which no rule takes for wrong. */
function known(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => knownAt(value, index));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, knownAt(value, key)]));
}

function knownAt(holder: object, key: string | number): unknown {
  try {
    return known(Reflect.get(holder, key));
  } catch (error) {
    if (error instanceof UnknownValueError) return UNKNOWN;
    throw error;
  }
}
