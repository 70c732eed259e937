import type { At } from "../changes.ts";
import { type Disease, reason } from "../disease.ts";
import type { LiveLab } from "../live-lab.ts";
import { aGateway, gateway } from "../objects.ts";

const pool: At = ["metallb.io/v1beta1", "IPAddressPool", "metallb-system", "pool"];

/** Who gives addresses, by MetalLB's own words. */
export const addressDiseases: readonly Disease[] = [
  {
    title: "a pool that is used up",
    make: async (changes) => {
      const tiny = {
        apiVersion: "metallb.io/v1beta1",
        kind: "IPAddressPool",
        metadata: { name: "tiny", namespace: "metallb-system" },
        spec: { addresses: ["192.168.50.1/32"], autoAssign: false },
      };
      const infrastructure = { annotations: { "metallb.io/address-pool": "tiny" } };
      await changes.add(
        tiny,
        aGateway("apple", "fig-1", { infrastructure }),
        aGateway("apple", "fig-2", { infrastructure }),
      );
    },
    until: async (lab) => {
      const both = await Promise.all(["fig-1", "fig-2"].map((name) => unassigned(lab, name)));
      return both.filter(Boolean).length === 1;
    },
    wanted: {
      path: "Gateway apple/fig-",
      from: "Gateway apple/fig-",
      to: null,
      status: /^Programmed=False AddressNotAssigned: .*; Failed to allocate IP for .*: no available IPs/,
      meaning: /there is a pool, but .*used up/,
      next: /describe service -l gateway\.networking\.k8s\.io\/gateway-name=fig-\d/,
      trouble: "T2",
      holds: ["Gateway apple/apple-gateway"],
    },
  },
  {
    title: "an address outside of the pool",
    make: (changes) =>
      changes.add(aGateway("apple", "fig", { addresses: [{ type: "IPAddress", value: "192.168.99.9" }] })),
    until: (lab) => unassigned(lab, "fig"),
    wanted: {
      path: "Gateway apple/fig",
      from: "Gateway apple/fig",
      to: null,
      status: /^Programmed=False Address\w+: .*; Failed to allocate IP for "apple\/fig-istio": .*192\.168\.99\.9/,
      meaning: /the address asked for is outside of it/,
      next: /describe service/,
      trouble: "T2",
      holds: ["Gateway apple/apple-gateway"],
    },
  },
  {
    title: "no pool: nobody gives addresses",
    make: async (changes, lab) => {
      // undone in reverse: after the pool is back
      changes.onUndo(() => lab.followAddresses());
      await changes.remove(pool);
      await changes.add(aGateway("apple", "fig"));
    },
    until: (lab) => unassigned(lab, "fig"),
    wanted: {
      path: "Gateway apple/fig",
      from: "Gateway apple/fig",
      to: null,
      status:
        /^Programmed=False AddressNotAssigned: Assigned to service\(s\) fig-istio\.apple\.svc\.cluster\.local:80, but failed to assign to all requested addresses: address pending for hostname "fig-istio\.apple\.svc\.cluster\.local"/,
      meaning: /no MetalLB pool and no cloud load balancer .*timed out waiting for the condition/,
      next: /describe service/,
      trouble: "T2",
    },
  },
];

/** istiod has said that a Gateway has no address, and MetalLB has said why. */
async function unassigned(lab: LiveLab, name: string): Promise<boolean> {
  const { body } = await lab.client.send("GET", "/api/v1/namespaces/apple/events");
  const events: { reason: string; involvedObject: { name: string } }[] = body.items;
  const failed = events.some((one) => one.reason === "AllocationFailed" && one.involvedObject.name === `${name}-istio`);
  return failed && (await reason(gateway("apple", name), "Address\\w+")(lab));
}
