import { fieldsAt, text } from "../../../lab/manifests/fields.ts";
import { formatRef, type KubeObject, refOf } from "../../../lab/manifests/object.ts";
import type { ApiClient } from "../cluster/api-client.ts";
import { eventually } from "../lab/wait.ts";

const POOL_NAMESPACE = "metallb-system";

/** What a lab has applied, so that all of it can be taken away again. */
export class AppliedObjects {
  private readonly client: ApiClient;
  private readonly objects = new Map<string, KubeObject>();

  constructor(client: ApiClient) {
    this.client = client;
  }

  /** Applies an object and gives it as the API server has it; throws with the API server's words when it is refused. */
  async apply(object: KubeObject): Promise<KubeObject> {
    const { body } = await this.client.must(object);
    this.objects.set(formatRef(refOf(object)), object);
    return body;
  }

  /**
   * Takes everything away in the opposite order, and waits until it and what controllers made of it is gone. The pool of
   * addresses stays, as MetalLB does not let go of one that is in use.
   */
  async clear(): Promise<void> {
    const objects = [...this.objects.values()].filter((object) => !isKept(object)).reverse();
    this.objects.clear();
    for (const object of objects) {
      await this.client.remove(object);
      for (const made of madeFor(object)) await this.client.remove(made);
    }
    for (const object of objects)
      await eventually(`${formatRef(refOf(object))} to be gone`, 60, async () => {
        const { apiVersion, kind, metadata } = object;
        return (await this.client.get(apiVersion, kind, metadata.namespace ?? "default", metadata.name)).status === 404;
      });
    await eventually("every pod to be gone", 60, async () => {
      const pods: KubeObject[] = (await this.client.list("v1", "Pod")).body.items;
      return pods.every(({ metadata }) => metadata.namespace === POOL_NAMESPACE);
    });
  }
}

/**
 * The Deployment that istiod makes for a Gateway. Whoever deletes a Gateway deletes it, too: the garbage collector hears of
 * kinds that came as CRDs twice a minute; those that follow a Deployment are its own.
 */
export function deploymentOf({ metadata: { name, namespace }, spec }: KubeObject): KubeObject {
  const metadata = { name: `${name}-${fieldsAt(spec).gatewayClassName}`, namespace };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata };
}

/** What controllers made for an object and leave behind when it goes. */
function madeFor(object: KubeObject): KubeObject[] {
  if (object.kind === "Certificate") return [secretOf(object)];
  if (object.kind !== "Gateway") return [];
  const deployment = deploymentOf(object);
  const { metadata } = deployment;
  return [
    deployment,
    { apiVersion: "v1", kind: "Service", metadata },
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
  ];
}

function secretOf({ metadata: { namespace }, spec }: KubeObject): KubeObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name: text(fieldsAt(spec).secretName) ?? "", namespace } };
}

/** Namespaces that are there before any stack, and the pool in one of them. */
function isKept({ kind, metadata }: KubeObject): boolean {
  if (kind === "Namespace") return ["default", "istio-system", "cert-manager", POOL_NAMESPACE].includes(metadata.name);
  return metadata.namespace === POOL_NAMESPACE;
}
