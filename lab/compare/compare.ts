import { formatRef } from "../manifests/object.ts";
import type { Topology } from "../topology/model.ts";
import { type Fact, type Topic, topics } from "./facts.ts";
import { type DeclaredStack, factsOfStack } from "./stack-facts.ts";

/** One topic of one application on both sides: what is said, and which field says it. */
export interface Move {
  readonly topic: Topic;
  readonly from: readonly Fact[];
  readonly to: readonly Fact[];
  /** same: same words in the same field; moved: the same in another field; changed: something else is so. */
  readonly kind: "same" | "moved" | "changed" | "added" | "removed";
}

export interface AppComparison {
  readonly app: string;
  readonly moves: readonly Move[];
}

export interface Comparison {
  /** Applications that both sides have, called as in the stack file. */
  readonly apps: readonly AppComparison[];
  readonly onlyLeft: readonly string[];
  readonly onlyRight: readonly string[];
  /** Objects by `Kind namespace/name` that only one side has. */
  readonly objectsOnlyLeft: readonly string[];
  readonly objectsOnlyRight: readonly string[];
}

/** What moved where between two stacks. */
export function compare(left: DeclaredStack, right: DeclaredStack): Comparison {
  const [before, after] = [byApp(factsOfStack(left)), byApp(factsOfStack(right))];
  const both = [...before.keys()].filter((app) => after.has(app));
  return {
    apps: both.map((app) => ({ app, moves: movesOf(before.get(app) ?? [], after.get(app) ?? []) })),
    onlyLeft: [...before.keys()].filter((app) => !after.has(app)),
    onlyRight: [...after.keys()].filter((app) => !before.has(app)),
    ...objectDifference(left.topology, right.topology),
  };
}

function byApp(facts: readonly Fact[]): Map<string, Fact[]> {
  const apps = new Map<string, Fact[]>();
  for (const fact of facts) apps.set(fact.app, [...(apps.get(fact.app) ?? []), fact]);
  return apps;
}

/** What became of each topic between two lists of facts about one application. */
export function movesOf(before: readonly Fact[], after: readonly Fact[]): Move[] {
  return topics.flatMap((topic) => {
    const from = before.filter((fact) => fact.topic === topic);
    const to = after.filter((fact) => fact.topic === topic);
    return from.length + to.length === 0 ? [] : [{ topic, from, to, kind: kindOf(from, to) }];
  });
}

function kindOf(from: readonly Fact[], to: readonly Fact[]): Move["kind"] {
  if (from.length === 0) return "added";
  if (to.length === 0) return "removed";
  const values = (facts: readonly Fact[]) => JSON.stringify(facts.map(({ value }) => value));
  const places = (facts: readonly Fact[]) => JSON.stringify(facts.map(({ where }) => where));
  if (values(from) !== values(to)) return "changed";
  return places(from) === places(to) ? "same" : "moved";
}

function objectDifference(left: Topology, right: Topology) {
  const names = ({ objects }: Topology) =>
    objects.objects.map(({ object }) =>
      formatRef({ kind: object.kind, namespace: object.metadata.namespace ?? null, name: object.metadata.name }),
    );
  const [before, after] = [new Set(names(left)), new Set(names(right))];
  return {
    objectsOnlyLeft: [...before].filter((name) => !after.has(name)).sort(),
    objectsOnlyRight: [...after].filter((name) => !before.has(name)).sort(),
  };
}
