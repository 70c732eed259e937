import { appManifests } from "../../components/apps/manifests.ts";
import { namespaceOf } from "../../config/derive/apps.ts";
import type { Prototype } from "../../config/schema.ts";
import type { Topology } from "../topology/model.ts";
import { appKey } from "./app-of.ts";
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
  const declared = declaredApps(apps);
  const reached = reachedApps(facts);
  const told = facts.filter((fact) => declared.has(appKey(fact)) || reached.has(appKey(fact)));
  return inOrder(told.map((fact) => ({ ...fact, app: declared.get(appKey(fact)) ?? fact.app })));
}

/** The applications of a stack file by the {@link appKey} of their pods: `book/productpage` and `book/reviews` are of `bookinfo`. */
function declaredApps(apps: Prototype["apps"]): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(apps).flatMap(([name, app]) => {
      const namespace = namespaceOf(name, app);
      return appManifests(name, app)
        .filter(({ kind }) => kind === "Deployment")
        .map(({ metadata }) => [appKey({ namespace, app: metadata.labels?.app ?? metadata.name }), name] as const);
    }),
  );
}
