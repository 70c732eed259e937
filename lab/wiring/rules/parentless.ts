import { fieldsAt } from "../../manifests/fields.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import type { Gateway, Route, Topology } from "../../topology/model.ts";
import { type Finding, warning } from "../finding.ts";
import { listed } from "../names.ts";

/** W17 as a warning: the API takes a route without parents, and no controller looks at it. */
export function parentless({ routes, gateways }: Topology): Finding[] {
  return routes.flatMap((route) => withoutParent(route, gateways));
}

function withoutParent(route: Route, gateways: readonly Gateway[]): Finding[] {
  const { parentRefs } = fieldsAt(route.sourced.object.spec);
  if (parentRefs !== undefined && !(Array.isArray(parentRefs) && parentRefs.length === 0)) return [];
  if (isUnknown(route.sourced.object.spec)) return [];
  const message = "names no parentRefs: no Gateway serves it, and it gets no status at all";
  const [only, ...others] = gateways;
  const place = only?.namespace === route.namespace ? "" : `, namespace: ${only?.namespace}`;
  const fix =
    only !== undefined && others.length === 0
      ? `add to its spec: parentRefs: [{ name: ${only.name}${place} }]`
      : `add spec.parentRefs with the Gateway that is to serve it: ${listed(
          gateways.map(({ namespace, name }) => `${namespace}/${name}`),
          "there is none in the set",
        )}`;
  return [warning("W17", { from: route.ref, to: null, message, fix, path: "/spec/parentRefs" })];
}
