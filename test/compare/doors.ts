import { appManifests } from "../../components/apps/manifests.ts";
import { namespaceManifest } from "../../components/kubernetes/namespaces.ts";
import { gatewayManifest } from "../../components/traffic/gateway-manifest.ts";
import { ingressManifest } from "../../components/traffic/ingress-manifest.ts";
import { routeManifest } from "../../components/traffic/route-manifest.ts";
import { gatewaysOf } from "../../config/derive/gateways.ts";
import { namespacesOf } from "../../config/derive/namespaces.ts";
import { routesOf } from "../../config/derive/routes.ts";
import type { Prototype } from "../../config/schema.ts";
import type { DeclaredStack } from "../../lab/compare/stack-facts.ts";
import { knownOf } from "../../lab/stack/known.ts";
import { objectsOf } from "../../lab/stack/objects.ts";
import type { Topology } from "../../lab/topology/model.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import { loadPrototype } from "../support/stack-files.ts";

/** A stack of the repository as a comparison takes it. */
export function declared(stack: string): DeclaredStack {
  return { topology: doors(stack), apps: loadPrototype(stack).apps };
}

/** The traffic and application objects of a stack; certificates and platform are not needed to compare doors. */
export function doors(stack: string, prototype: Prototype = loadPrototype(stack)): Topology {
  const apps = Object.entries(prototype.apps);
  const manifests = [
    ...namespacesOf(prototype).flatMap((namespace) => namespaceManifest(namespace) ?? []),
    ...apps.flatMap(([name, app]) => appManifests(name, app)),
    ...apps.flatMap(([name, app]) => (app.ingress ? [ingressManifest(name, app, app.ingress, {})] : [])),
    ...gatewaysOf(prototype).map((gateway) => gatewayManifest(gateway, { annotations: {} })),
    ...apps.flatMap(([name]) => routesOf(prototype, name).map(routeManifest)),
  ];
  return buildTopology(objectsOf(manifests), knownOf(prototype));
}
