import { evolutionStrip, type Stop } from "../lab/compare/evolution.ts";
import { drawStrip } from "../lab/pictures/strip-svg.ts";
import type { Rehearsed } from "../lab/rehearsal/rehearse.ts";
import { topologyOf } from "../lab/stack/topology.ts";

/** The stacks on each application's way, in the order in which they are read. */
const WAYS: Readonly<Record<string, readonly string[]>> = {
  mango: ["learn-01", "learn-03-04", "learn-03-07", "learn-05"],
  papaya: ["learn-01", "learn-02"],
};

/** The pictures of applications on their way, by file name below `docs/pictures`: `evolution-<app>.svg`. */
export async function evolutionPictures(
  rehearsed: (stack: string) => Promise<Rehearsed>,
): Promise<Record<string, string>> {
  const pictures: Record<string, string> = {};
  for (const [app, stacks] of Object.entries(WAYS)) {
    const stops: Stop[] = [];
    // One after the other: programs that run in this process share Pulumi's state.
    for (const stack of stacks) stops.push({ stack, topology: topologyOf(await rehearsed(stack)) });
    const strip = evolutionStrip(app, stops);
    if (strip === undefined) throw new Error(`${app} is the same in ${stacks.join(", ")}, or not there`);
    pictures[`evolution-${app}.svg`] = drawStrip(strip);
  }
  return pictures;
}
