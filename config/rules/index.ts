import type { Problem } from "../problem.ts";
import type { Prototype } from "../schema.ts";
import { appProblems } from "./apps.ts";
import { clusterProblems } from "./cluster.ts";
import { issuerProblems } from "./issuers.ts";
import { trafficProblems } from "./traffic.ts";
import { versionProblems } from "./versions.ts";

/** What no single field can tell: rules between the fields of a stack whose choices are right, all broken ones at once. */
export function crossFieldProblems(prototype: Prototype): Problem[] {
  return [clusterProblems, versionProblems, issuerProblems, appProblems, trafficProblems].flatMap((rule) =>
    rule(prototype),
  );
}
