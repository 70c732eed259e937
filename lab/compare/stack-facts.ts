import { appManifests } from "../../components/apps/manifests.ts";
import type { Prototype } from "../../config/schema.ts";
import type { Topology } from "../topology/model.ts";
import { type Fact, factsOf, inOrder, reachedApps } from "./facts.ts";

/** A stack's objects, and the applications that its file declares. */
export interface DeclaredStack {
  readonly topology: Topology;
  readonly apps: Prototype["apps"];
}

/**
 * Every fact, told of the application that the stack file declares. Pods that it does not declare and no door leads to,
 * such as the platform's, are left out.
 */
export function factsOfStack({ topology, apps }: DeclaredStack): Fact[] {
  const facts = factsOf(topology);
  const declared = appsByLabel(apps);
  const reached = reachedApps(facts);
  const told = facts.filter(({ app }) => declared.has(app) || reached.has(app));
  return inOrder(told.map((fact) => ({ ...fact, app: declared.get(fact.app) ?? fact.app })));
}

/** The applications of a stack file by what their pods are labelled: `productpage` and `reviews` are of `bookinfo`. */
function appsByLabel(apps: Prototype["apps"]): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(apps).flatMap(([name, app]) =>
      appManifests(name, app).flatMap(({ kind, metadata }) =>
        kind === "Deployment" ? [[metadata.labels?.app ?? metadata.name, name] as const] : [],
      ),
    ),
  );
}
