import type { Topology } from "../topology/model.ts";
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

/** One thing that is so, and the field that says it. */
export interface Fact {
  /** The application: the label by which its Service selects pods. */
  readonly app: string;
  readonly topic: Topic;
  readonly value: string;
  /** `Ingress mango/mango spec.rules[0].host`, or in words where no field says it. */
  readonly where: string;
}

/** Every fact of a set of objects, sorted by application and topic. */
export function factsOf(topology: Topology): Fact[] {
  const facts = [
    ...ingressFacts(topology),
    ...gatewayFacts(topology),
    ...certificateFacts(topology),
    ...meshFacts(topology),
  ];
  const unique = new Map(facts.map((fact) => [JSON.stringify(fact), fact]));
  return [...unique.values()].sort(
    (a, b) => compare(a.app, b.app) || topics.indexOf(a.topic) - topics.indexOf(b.topic) || compare(a.value, b.value),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
