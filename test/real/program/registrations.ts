import type { Fields } from "../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import type { Registration } from "../../../lab/rehearsal/engine/registration.ts";
import { type Rehearsed, rehearse } from "../../../lab/rehearsal/rehearse.ts";

let last: Promise<unknown> = Promise.resolve();
const known = new Map<string, Promise<Rehearsed>>();

/**
 * A stack's rehearsal inside this process, for an eighth of what a process of its own costs; that both give the same is the
 * rehearsal's own test. `config` replaces values of the stack file. Such runs must not overlap: one begins when the one
 * before it has ended; what was asked before is not run again.
 */
export function rehearsalOf(stack: string, config: Fields = {}): Promise<Rehearsed> {
  const key = JSON.stringify([stack, config]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const running = last.then(() => rehearse(stack, { config, run: "here" }));
  known.set(key, running);
  last = running.catch(() => undefined);
  return running;
}

/** What the program registers for a stack, as it would with `pulumi up`; `config` replaces values of the stack file. */
export async function registrationsOf(stack: string, config: Fields = {}): Promise<readonly Registration[]> {
  return (await rehearsalOf(stack, config)).registrations;
}

/** Kinds of the Gateway API's release files: a rehearsal without them registers names only, and tests take the module's. */
const RELEASE_FILES = ["CustomResourceDefinition", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];

/** The objects of the Gateway API's release files that a stack registers, as "kind name". */
export function releaseObjects(registrations: readonly Registration[]): string[] {
  const objects = registrations.flatMap(({ object }) =>
    object && RELEASE_FILES.includes(object.kind) ? [object] : [],
  );
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
}

/** A registered Kubernetes object, release files aside. */
export type Registered = Registration & { readonly object: KubeObject };

/** A patch of a built-in object is applied like an object: server-side, with the fields that it names. */
function asObject(registration: Registration): Registered[] {
  const { object } = registration;
  if (object === undefined || RELEASE_FILES.includes(object.kind)) return [];
  return [{ ...registration, object: { ...object, kind: object.kind.replace(/Patch$/, "") } }];
}

/**
 * The stack's objects in an order that the program's dependencies allow, and the worst of those: an object comes first
 * whenever nothing that it declares holds it back, later registrations before earlier ones. An order that only works
 * because of the order of lines in the program fails with it.
 */
export function inDependencyOrder(registrations: readonly Registration[]): Registered[] {
  const before = new Map(registrations.map((one) => [one.urn, prerequisites(one, registrations)]));
  const left = new Set(registrations);
  const done = new Set<string>();
  const order: Registration[] = [];
  while (left.size > 0) {
    const next = [...left].reverse().find((one) => [...(before.get(one.urn) ?? [])].every((urn) => done.has(urn)));
    if (!next)
      throw new Error(`the program's dependencies have a circle among ${[...left].map((r) => r.urn).join(", ")}`);
    left.delete(next);
    done.add(next.urn);
    order.push(next);
  }
  return order.flatMap(asObject);
}

/** URNs that the engine waits for: dependencies and the resources below a component among them. */
function prerequisites(one: Registration, all: readonly Registration[]): Set<string> {
  const known = new Set(all.map(({ urn }) => urn));
  return new Set(
    [...one.dependencies, ...Object.values(one.propertyDependencies).flat()].filter((urn) => known.has(urn)),
  );
}
