import { KINDS } from "../../manifests/object-index.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import type { Topology } from "../../topology/model.ts";
import { error, type Finding } from "../finding.ts";
import { listed, nearest } from "../names.ts";

/** W1: the Gateway's class exists; otherwise no controller looks at the Gateway, and it gets no status. */
export function gatewayClasses({ gateways, objects, known }: Topology): Finding[] {
  return gateways.flatMap(({ className, ref }) => {
    if (className === undefined || isUnknown(className) || known.gatewayClasses.includes(className)) return [];
    if (objects.lookup(KINDS.gatewayClass, null, className).state !== "missing") return [];
    const own = objects.all(KINDS.gatewayClass).map(({ object }) => object.metadata.name);
    const meant = nearest(className, [...own, ...known.gatewayClasses]);
    const fix =
      meant === undefined
        ? `install the controller that brings GatewayClass ${className}, or name another class`
        : `set gatewayClassName: ${meant}`;
    return [
      error("W1", {
        from: ref,
        to: { kind: "GatewayClass", namespace: null, name: className },
        message: `gatewayClassName ${className} names no GatewayClass: no controller will serve this Gateway, and it will get no status (in the set: ${listed(own)})`,
        fix,
      }),
    ];
  });
}
