import assert from "node:assert/strict";
import { fieldsAt, isFields } from "../../../../lab/manifests/fields.ts";
import { formatRef, refOf } from "../../../../lab/manifests/object.ts";
import { LiveObjects } from "../../../support/live-objects.ts";
import type { LiveLab } from "../live-lab.ts";

const KINDS = ["GatewayClass", "Gateway", "HTTPRoute", "TLSRoute"];

/** The statuses by which the doctor is tested without a cluster are those that istiod writes. */
export function statusesSuite(lab: LiveLab): void {
  it("are what the doctor's tests without a cluster take them to be", async () => {
    const { all } = await LiveObjects.of(lab.stack);
    // istiod runs without ambient here, and makes no class for waypoints
    const made = all.filter(({ kind, metadata }) => KINDS.includes(kind) && metadata.name !== "istio-waypoint");
    assert.ok(made.length > 0);
    for (const object of made) {
      const live = await lab.gateways.live(object);
      assert.deepEqual(timeless(object.status), timeless(live.status), formatRef(refOf(object)));
      if (object.kind === "GatewayClass")
        assert.equal(fieldsAt(object, "spec").controllerName, fieldsAt(live, "spec").controllerName);
    }
  });
}

/** A status without what differs from run to run: times, generations, addresses and the order of lists. */
function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(timeless).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (!isFields(value)) return value;
  const { lastTransitionTime: _, observedGeneration: __, ...rest } = value;
  if (rest.type === "IPAddress") return { type: rest.type };
  const entries = Object.entries(rest).map(([key, entry]): [string, unknown] => [key, timeless(entry)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
