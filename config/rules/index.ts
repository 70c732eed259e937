import { unlessUnreadable } from "../gaps.ts";
import type { Problem } from "../problem.ts";
import type { Prototype } from "../schema.ts";
import { appProblems } from "./apps.ts";
import { clusterProblems } from "./cluster.ts";
import { issuerProblems } from "./issuers.ts";
import { trafficProblems } from "./traffic.ts";
import { versionProblems } from "./versions.ts";

/** What no single field can tell: rules between the fields of a stack, all broken ones at once. */
export function crossFieldProblems(prototype: Prototype): Problem[] {
  return unlessUnreadable(
    () => clusterProblems(prototype),
    () => versionProblems(prototype),
    () => issuerProblems(prototype),
    () => appProblems(prototype),
    () => trafficProblems(prototype),
  );
}
