import type { Listener } from "./model.ts";

/**
 * Whether a listener stays when it conflicts with another: those of a Gateway before those of its ListenerSets, an older
 * ListenerSet before a younger, then by name. Within one object neither stays. @see ListenerSetSpec.listeners
 */
export function precedes(listener: Listener, other: Listener): boolean {
  if (listener === other) return true;
  const [mine, theirs] = [ownerRank(listener), ownerRank(other)];
  return mine !== theirs && mine < theirs;
}

function ownerRank({ owner }: Listener): string {
  const { kind, namespace, name } = owner.ref;
  if (kind === "Gateway") return "";
  const created = owner.sourced.object.metadata.creationTimestamp;
  return `${typeof created === "string" ? created : "9999"} ${namespace}/${name}`;
}
