import { formatRef } from "../../manifests/object.ts";
import type { Topology } from "../../topology/model.ts";
import { CONTROLLER_PREFIX, readAnnotations } from "./ingress-annotations.ts";
import { ingressesOfController } from "./ingresses-of-controller.ts";

/** Annotations that are played, or that the choice of stand-in backends makes a matter of no consequence. */
const PLAYED = new Set([
  "app-root",
  "backend-protocol",
  "enable-cors",
  "force-ssl-redirect",
  "from-to-www-redirect",
  "permanent-redirect",
  "permanent-redirect-code",
  "preserve-trailing-slash",
  "rewrite-target",
  "server-alias",
  "ssl-passthrough",
  "ssl-redirect",
  "temporal-redirect",
  "temporal-redirect-code",
  "upstream-vhost",
  "use-regex",
]);
const PLAYED_FAMILY = /^(canary|cors)(-|$)/;

/** A line for each served Ingress with annotations of ingress-nginx that are not played. */
export function unplayedAnnotations(topology: Topology): string[] {
  return ingressesOfController(topology).flatMap(({ ref, annotations }) => {
    const own = Object.keys(annotations).filter((name) => name.startsWith(CONTROLLER_PREFIX));
    const names = own.map((name) => name.slice(CONTROLLER_PREFIX.length));
    const unplayed = names.filter((name) => !PLAYED.has(name) && !PLAYED_FAMILY.test(name));
    const isGuarded = readAnnotations(annotations).authentication !== undefined;
    const guards = unplayed.filter((name) => isGuarded && name.startsWith("auth-"));
    const others = unplayed.filter((name) => !guards.includes(name));
    const told = (list: readonly string[], what: string) =>
      list.length === 0 ? [] : [`${formatRef(ref)}: ${CONTROLLER_PREFIX}{${list.join(", ")}} not played: ${what}`];
    return [
      ...told(guards, "its paths are answered 500, as nobody is asked who they are"),
      ...told(others, "answers are as if they were not there"),
    ];
  });
}
