import { namespaceOf } from "../../config/derive/apps.ts";
import type { Prototype } from "../../config/schema.ts";
import type { Manifest } from "../kubernetes/apply.ts";

export const waypointName = "waypoint";

/** Namespaces of a stack that ask for an L7 proxy inside the mesh. */
export function usesWaypoint({ apps }: Prototype): string[] {
  const users = Object.entries(apps).filter(([, app]) => app.waypoint);
  return [...new Set(users.map(([name, app]) => namespaceOf(name, app)))];
}

/** A waypoint is a Gateway of its own class (https://istio.io/latest/docs/ambient/usage/waypoint/). */
export function waypointManifest(namespace: string): Manifest {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: waypointName, namespace, labels: { "istio.io/waypoint-for": "service" } },
    spec: {
      gatewayClassName: "istio-waypoint",
      listeners: [{ name: "mesh", port: 15008, protocol: "HBONE" }],
    },
  };
}
