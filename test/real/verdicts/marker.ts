import { fieldsAt, fieldsList } from "../../../lab/manifests/fields.ts";
import type { KubeObject } from "../../../lab/manifests/object.ts";
import { GATEWAY_API, type GatewayLab } from "../gateway/gateway-lab.ts";
import { plainGateway } from "../gateway/plain-gateway.ts";
import { eventually } from "../lab/wait.ts";

const NAMESPACE = "marker";

/**
 * A route of its own that is changed after each change of the set: once istiod has written its status, it has heard of the
 * change before it, too. Without it a controller that is slow could be taken for one that has nothing to say.
 */
export class Marker {
  private readonly lab: GatewayLab;
  private count = 0;

  constructor(lab: GatewayLab) {
    this.lab = lab;
  }

  async start(): Promise<void> {
    await this.lab.must({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    await this.lab.must(plainGateway(NAMESPACE, NAMESPACE));
    await this.passed();
  }

  /** Resolves when istiod has seen everything that was applied before. */
  async passed(): Promise<void> {
    const route = await this.lab.must(markerRoute(++this.count));
    await eventually(`istiod to see change ${this.count}`, 30, async () => {
      const { status } = await this.lab.live(route);
      const conditions = fieldsList(fieldsAt(status).parents).flatMap((parent) => fieldsList(parent.conditions));
      return conditions.some(({ observedGeneration }) => observedGeneration === route.metadata.generation);
    });
  }
}

function markerRoute(count: number): KubeObject {
  return {
    apiVersion: GATEWAY_API,
    kind: "HTTPRoute",
    metadata: { name: NAMESPACE, namespace: NAMESPACE },
    spec: {
      parentRefs: [{ name: NAMESPACE }],
      hostnames: [`change-${count}.example.net`],
      rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { statusCode: 301 } }] }],
    },
  };
}
