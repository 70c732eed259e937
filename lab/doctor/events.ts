import { fields, text } from "../manifests/fields.ts";
import type { KubeObject } from "../manifests/object.ts";

/** As much of a warning as is shown. */
const MESSAGE = 300;

/**
 * The newest warning about an object in one line; undefined when there is none.
 * @param objects where the Events are (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/)
 */
export function lastWarning({ kind, metadata }: KubeObject, objects: readonly KubeObject[]): string | undefined {
  const time = (event: KubeObject) => text(event.lastTimestamp) ?? text(event.eventTime) ?? "";
  const warnings = objects.filter((event) => {
    if (event.kind !== "Event" || event.type !== "Warning") return false;
    const about = fields(event.involvedObject);
    const same = about.kind === kind && about.namespace === metadata.namespace && about.name === metadata.name;
    // an object that was made anew has nothing to do with what befell its forerunner
    return same && (about.uid === undefined || metadata.uid === undefined || about.uid === metadata.uid);
  });
  const [newest] = warnings.sort((a, b) => (time(a) < time(b) ? 1 : -1));
  return text(newest?.message)?.replaceAll(/\s+/g, " ").slice(0, MESSAGE);
}
