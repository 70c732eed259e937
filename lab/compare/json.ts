import type { Comparison } from "./compare.ts";
import type { Fact } from "./facts.ts";

/** A comparison for programs. The fields' paths stay out: `where` says them in words that last longer than an index. */
export function comparisonJson(comparison: Comparison): object {
  return {
    ...comparison,
    apps: comparison.apps.map(({ app, moves }) => ({
      app,
      moves: moves.map((move) => ({ ...move, from: move.from.map(withoutFields), to: move.to.map(withoutFields) })),
    })),
  };
}

function withoutFields({ fields: _, ...fact }: Fact): Omit<Fact, "fields"> {
  return fact;
}
