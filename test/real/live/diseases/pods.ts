import type { KubeObject } from "../../../../lab/manifests/object.ts";
import type { At } from "../changes.ts";
import { type Disease, endpoints, says } from "../disease.ts";
import type { LiveLab } from "../live-lab.ts";
import { anApp, aRoute } from "../objects.ts";

/** Pods. What a kubelet would say of one is written by hand, as none runs; what the scheduler says is its own. */
export const podDiseases: readonly Disease[] = [
  {
    title: "a pod whose program ends again and again",
    make: async (changes, lab) => changes.status(await podOf(lab, "apple", "app=apple"), crashing("apple")),
    until: endpoints("apple", "apple-svc", 0),
    wanted: {
      path: "HTTPRoute apple/apple",
      from: "Pod apple/apple-",
      to: "Service apple/apple-svc",
      status: /^CrashLoopBackOff; back-off .*; restarted 5 times/,
      meaning: /starts and ends again/,
      next: /^kubectl -n apple logs apple-\S+ --previous$/,
      holds: ["HTTPRoute mango/mango"],
    },
  },
  {
    title: "a pod for which no node has room",
    make: (changes) =>
      changes.add(
        ...anApp("apple", "fig", { resources: { requests: { cpu: "2000" } } }),
        aRoute("HTTPRoute", "apple", "fig", { name: "apple-gateway" }, { name: "fig", port: 80 }),
      ),
    until: async (lab) => says(await podOf(lab, "apple", "app=fig"), /Insufficient cpu/)(lab),
    wanted: {
      path: "HTTPRoute apple/fig",
      from: "Pod apple/fig-",
      to: "Service apple/fig",
      status: /0\/1 nodes are available: 1 Insufficient cpu/,
      meaning: /no node has room: give the cluster more cpus or memory/,
      next: /^kubectl -n apple describe pod fig-\S+$/,
      holds: ["HTTPRoute apple/apple"],
    },
  },
  {
    title: "the Gateway's own pod does not run, and the Gateway still says Programmed",
    make: async (changes, lab) => changes.status(await gatewayPod(lab), crashing("istio-proxy")),
    until: async (lab) => says(await gatewayPod(lab), /CrashLoopBackOff/)(lab),
    wanted: {
      path: "Gateway apple/apple-gateway",
      from: "Pod apple/apple-gateway-istio-",
      to: "Gateway apple/apple-gateway",
      status: /^CrashLoopBackOff/,
      meaning: /starts and ends again/,
      next: /logs apple-gateway-istio-\S+ --previous$/,
      holds: ["HTTPRoute mango/mango"],
    },
  },
];

const gatewayPod = (lab: LiveLab) => podOf(lab, "apple", "gateway.networking.k8s.io/gateway-name=apple-gateway");

/** The pod that a label selects; throws while there is none. */
async function podOf({ client }: LiveLab, namespace: string, label: string): Promise<At> {
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(label)}`;
  const items: KubeObject[] = (await client.send("GET", path)).body.items;
  const [pod] = items;
  if (pod === undefined) throw new Error(`there is no pod with ${label} in ${namespace}`);
  return ["v1", "Pod", namespace, pod.metadata.name];
}

/** As a kubelet writes it between two starts. */
function crashing(container: string): object {
  const why = { reason: "ContainersNotReady", message: `containers with unready status: [${container}]` };
  const now = new Date().toISOString();
  return {
    phase: "Running",
    conditions: [
      { type: "Initialized", status: "True", lastTransitionTime: now },
      { type: "Ready", status: "False", lastTransitionTime: now, ...why },
      { type: "ContainersReady", status: "False", lastTransitionTime: now, ...why },
      { type: "PodScheduled", status: "True", lastTransitionTime: now },
    ],
    containerStatuses: [
      {
        name: container,
        image: container,
        imageID: "",
        ready: false,
        restartCount: 5,
        state: {
          waiting: {
            reason: "CrashLoopBackOff",
            message: `back-off 2m40s restarting failed container=${container}`,
          },
        },
      },
    ],
  };
}
