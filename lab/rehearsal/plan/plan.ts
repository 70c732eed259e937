import { fields, fieldsAt, text } from "../../manifests/fields.ts";
import { namespaceOf } from "../../manifests/object.ts";
import type { Registration } from "../engine/registration.ts";
import { STACK_TYPE } from "../engine/urn.ts";

/** A resource of the plan with what is below it. */
export interface PlanNode {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** What it is, in a word: "Gateway", "Release", "Command", "MetalLb". */
  readonly kind: string;
  /** What tells it from others of its kind: "mango/mango-gateway", "istiod 1.31.1 in istio-system". */
  readonly label: string;
  readonly component: boolean;
  /** Names of the resources that it waits for. */
  readonly after: readonly string[];
  readonly children: readonly PlanNode[];
}

/** What a program would create. */
export interface Plan {
  readonly stack: string;
  readonly project: string;
  /** How many resources of each kind there are, the stack itself left out. */
  readonly counts: Readonly<Record<string, number>>;
  /** Helm Releases in the order of their names. */
  readonly releases: readonly {
    readonly name: string;
    readonly namespace: string;
    readonly chart: string;
    readonly version: string;
  }[];
  readonly roots: readonly PlanNode[];
}

/** The plan of registrations: the tree of components, its branches in an order that does not depend on timing. */
export function planOf(stack: string, project: string, registrations: readonly Registration[]): Plan {
  const children = new Map<string, Registration[]>();
  for (const registration of registrations) {
    const parent = registration.parent ?? "";
    children.set(parent, [...(children.get(parent) ?? []), registration]);
  }
  const names = new Map(registrations.map(({ urn, name }) => [urn, name]));
  const node = (registration: Registration): PlanNode => ({
    urn: registration.urn,
    type: registration.type,
    name: registration.name,
    kind: kindOf(registration.type),
    label: labelOf(registration),
    component: !registration.custom,
    after: registration.dependencies.map((urn) => names.get(urn) ?? urn).sort(),
    children: below(registration.urn),
  });
  const below = (urn: string): PlanNode[] => (children.get(urn) ?? []).map(node).sort(byOrder);
  const top = registrations.find(({ type }) => type === STACK_TYPE);
  const others = registrations.filter(({ type }) => type !== STACK_TYPE);
  const roots = [...(top === undefined ? [] : below(top.urn)), ...below("").filter(({ type }) => type !== STACK_TYPE)];
  return { stack, project, counts: countKinds(others), releases: releasesOf(others), roots: roots.sort(byOrder) };
}

/** "kubernetes:gateway.networking.k8s.io/v1:Gateway" → "Gateway"; a provider is called "Provider". */
export function kindOf(type: string): string {
  return type.startsWith("pulumi:providers:") ? "Provider" : (type.split(":").at(-1) ?? type);
}

function labelOf({ type, name, inputs, object }: Registration): string {
  if (type === "kubernetes:helm.sh/v3:Release") {
    const namespace = text(inputs.namespace);
    return [text(inputs.name) ?? name, text(inputs.version), namespace && `in ${namespace}`].filter(Boolean).join(" ");
  }
  if (object !== undefined) {
    const namespace = namespaceOf(object);
    return namespace === null ? object.metadata.name : `${namespace}/${object.metadata.name}`;
  }
  const step = text(fieldsAt(inputs, "environment").LEARN_STEP);
  return step === undefined || step === name ? name : `${name} (${step})`;
}

function countKinds(registrations: readonly Registration[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { type, custom } of registrations) {
    const kind = custom ? kindOf(type) : "component";
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => compare(a, b)));
}

function releasesOf(registrations: readonly Registration[]): Plan["releases"] {
  return registrations
    .filter(({ type }) => type === "kubernetes:helm.sh/v3:Release")
    .map(({ name, inputs }) => ({
      name: text(inputs.name) ?? name,
      namespace: text(inputs.namespace) ?? "default",
      chart: text(inputs.chart) ?? "",
      version: text(fields(inputs).version) ?? "",
    }))
    .sort((a, b) => compare(a.name, b.name));
}

/** What a stack is built on comes first, what people came for last. */
const SECTIONS = ["cluster", "stack", "platform", "pki", "traffic", "apps"];

/** Components in the order in which they come about, resources by what they are. */
function byOrder(a: PlanNode, b: PlanNode): number {
  const sections = section(a) - section(b) || Number(a.component) - Number(b.component);
  if (sections !== 0) return sections;
  if (a.component) return compare(a.label, b.label);
  return rank(a) - rank(b) || compare(a.kind, b.kind) || compare(a.label, b.label);
}

function section({ type }: PlanNode): number {
  const [, folder = ""] = type.split(":");
  const at = type.startsWith("learn:") ? SECTIONS.indexOf(folder) : -1;
  return at < 0 ? SECTIONS.length : at;
}

/** Within a component: what runs first, then Namespaces, then charts, then the rest. */
function rank({ kind }: PlanNode): number {
  const at = ["PrivateKey", "Command", "Provider", "Namespace", "Release"].indexOf(kind);
  return at < 0 ? 5 : at;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
