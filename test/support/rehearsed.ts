import { type Rehearsed, rehearse } from "../../lab/rehearsal/rehearse.ts";

const runs = new Map<string, Promise<Rehearsed>>();

/** A stack's program as it runs in this process, run once for all tests that only look at what it registered. */
export function rehearsed(stack: string): Promise<Rehearsed> {
  const known = runs.get(stack) ?? rehearse(stack, { run: "here" });
  runs.set(stack, known);
  return known;
}
