import type { Problem } from "../problem.ts";
import type { Prototype } from "../schema.ts";
import { appProblems } from "./apps.ts";
import { clusterProblems } from "./cluster.ts";
import { exactlyOneProblems } from "./exactly-one.ts";
import { issuerProblems } from "./issuers.ts";
import { trafficProblems } from "./traffic.ts";
import { versionProblems } from "./versions.ts";

/** What no single field can tell: rules between the fields of a stack, all broken ones at once. */
export function crossFieldProblems(prototype: Prototype): Problem[] {
  const shape = exactlyOneProblems(prototype);
  if (shape.length > 0) return shape;
  return [clusterProblems, versionProblems, issuerProblems, appProblems, trafficProblems].flatMap((rule) =>
    rule(prototype),
  );
}
