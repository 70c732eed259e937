import type { Ref } from "../manifests/object.ts";
import type { Topology } from "../topology/model.ts";
import { type AppName, appKey } from "./app-of.ts";
import { gatewayFacts } from "./gateway-facts.ts";
import { ingressFacts } from "./ingress-facts.ts";
import { certificateFacts, meshFacts } from "./trust-facts.ts";

/** What can be said of how an application is reached, in the order in which it is told. */
export const topics = [
  "controller",
  "door",
  "address",
  "host",
  "path",
  "backend",
  "where TLS ends",
  "certificate",
  "who signs",
  "http to https",
  "who may attach",
  "behind the door",
] as const;
export type Topic = (typeof topics)[number];

/** A field of an object: the steps that lead to it from the object's root, `["spec", "rules", 0, "host"]`. */
export interface FieldPlace {
  readonly ref: Ref;
  readonly path: readonly (string | number)[];
}

/** One thing that is so of an application, and the field that says it. */
export interface Fact extends AppName {
  readonly topic: Topic;
  readonly value: string;
  /** `Ingress mango/mango spec.rules[0].host`, or in words where no field says it. */
  readonly where: string;
  /** The fields of `where`; none where no field says it. One that is not written counts by its default. */
  readonly fields: readonly FieldPlace[];
}

/** The same, without the application of which it is so. */
export type AnyFact = Omit<Fact, keyof AppName>;

/** Every fact of a set of objects, sorted by application and topic. */
export function factsOf(topology: Topology): Fact[] {
  const facts = [
    ...ingressFacts(topology),
    ...gatewayFacts(topology),
    ...certificateFacts(topology),
    ...meshFacts(topology),
  ];
  return inOrder(facts);
}

/**
 * The facts of applications that are reached through a door; pods that only others ask, or nobody, are left out.
 * Applications of the same label are told apart by their namespaces.
 */
export function factsBehindDoors(topology: Topology): Fact[] {
  const facts = factsOf(topology);
  const reached = reachedApps(facts);
  const behind = facts.filter((fact) => reached.has(appKey(fact)));
  const isAlone = ({ app, namespace }: Fact) => behind.every((one) => one.app !== app || one.namespace === namespace);
  return inOrder(behind.map((fact) => (isAlone(fact) ? fact : { ...fact, app: appKey(fact) })));
}

/** The applications that a door leads to, by {@link appKey}. */
export function reachedApps(facts: readonly Fact[]): ReadonlySet<string> {
  return new Set(facts.filter(({ topic }) => topic === "door").map(appKey));
}

/** Each fact once, sorted by application and topic. */
export function inOrder(facts: readonly Fact[]): Fact[] {
  return onceEach(facts).sort(
    (a, b) => compare(a.app, b.app) || topics.indexOf(a.topic) - topics.indexOf(b.topic) || compare(a.value, b.value),
  );
}

/** Two rules of a route, or two pods, may say the same: one fact, with the fields of both. */
function onceEach(facts: readonly Fact[]): Fact[] {
  const unique = new Map<string, Fact>();
  for (const fact of facts) {
    const { app, namespace, topic, value, where } = fact;
    const key = JSON.stringify([app, namespace, topic, value, where]);
    const before = unique.get(key)?.fields ?? [];
    const known = new Set(before.map((field) => JSON.stringify(field)));
    unique.set(key, { ...fact, fields: [...before, ...fact.fields.filter((one) => !known.has(JSON.stringify(one)))] });
  }
  return [...unique.values()];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
