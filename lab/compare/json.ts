import type { Comparison } from "./compare.ts";
import type { Fact } from "./facts.ts";

/**
 * A comparison for programs. Applications are called as in the stack file, and the fields' paths stay out: `where` says
 * them in words that last longer than an index.
 */
export function comparisonJson(comparison: Comparison): object {
  return {
    ...comparison,
    apps: comparison.apps.map(({ app, moves }) => ({
      app,
      moves: moves.map((move) => ({ ...move, from: move.from.map(inWords), to: move.to.map(inWords) })),
    })),
  };
}

function inWords({ fields: _, namespace: __, ...fact }: Fact): Omit<Fact, "fields" | "namespace"> {
  return fact;
}
