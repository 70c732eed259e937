import { readPrototype } from "../../config/read.ts";
import type { Prototype } from "../../config/schema.ts";
import type { Sourced } from "../manifests/object.ts";
import type { Rehearsed } from "../rehearsal/rehearse.ts";
import type { Topology } from "../topology/model.ts";
import { buildTopology } from "../topology/topology.ts";
import { knownOf } from "./known.ts";

/** The validated prototype a rehearsal was made of. */
export function prototypeOf({ stack, config }: Pick<Rehearsed, "stack" | "config">): Prototype {
  return readPrototype(stack, config.values);
}

/** The Kubernetes objects of a rehearsal; a patch of a built-in namespace counts as that namespace. */
export function sourcedObjects({ registrations }: Pick<Rehearsed, "registrations">): Sourced[] {
  return registrations.flatMap(({ object }) =>
    object === undefined
      ? []
      : [{ object: object.kind === "NamespacePatch" ? { ...object, kind: "Namespace" } : object }],
  );
}

/** The topology of a rehearsed stack, with what its charts and Vault bring. */
export function topologyOf(rehearsed: Pick<Rehearsed, "stack" | "config" | "registrations">): Topology {
  return buildTopology(sourcedObjects(rehearsed), knownOf(prototypeOf(rehearsed)));
}
