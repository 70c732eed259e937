import { formatRef, type KubeObject, refOf } from "../../../lab/manifests/object.ts";
import type { ApiAnswer, ApiClient } from "../cluster/api-client.ts";

/** Kinds that stay when a set goes: their deletion takes its time and changes nothing for other sets. */
const KEPT = new Set(["Namespace", "IPAddressPool", "L2Advertisement"]);

/** The objects of a set on the API server, changed into those of another set by what differs alone. */
export class LiveSet {
  private readonly client: ApiClient;
  private current = new Map<string, KubeObject>();

  constructor(client: ApiClient, current: readonly KubeObject[]) {
    this.client = client;
    this.current = byName(current);
  }

  /**
   * Applies what is new or other, then deletes what is gone. When the API server refuses an object nothing is deleted,
   * as with `pulumi up`; gives its words then. What was applied before the refusal stays, and counts as current.
   */
  async become(objects: readonly KubeObject[]): Promise<string | undefined> {
    const target = byName(objects);
    for (const [name, object] of target) {
      if (JSON.stringify(this.current.get(name)) === JSON.stringify(object)) continue;
      const answer = await this.apply(object);
      if (answer.status >= 300) return answer.body.message;
      this.current.set(name, object);
    }
    for (const [name, object] of this.current) {
      if (target.has(name) || KEPT.has(object.kind)) continue;
      await this.client.remove(object);
      this.current.delete(name);
    }
    return undefined;
  }

  /** Whether an object of that kind which a set has is not there now. */
  lacks(kind: string, objects: readonly KubeObject[]): boolean {
    return objects.some((object) => object.kind === kind && !this.current.has(formatRef(refOf(object))));
  }

  private async apply(object: KubeObject): Promise<Pick<ApiAnswer, "status" | "body">> {
    try {
      return await this.client.apply(object);
    } catch (error) {
      // a version that is not served has no address to send it to
      return { status: 404, body: { message: error instanceof Error ? error.message : String(error) } };
    }
  }
}

function byName(objects: readonly KubeObject[]): Map<string, KubeObject> {
  return new Map(objects.map((object) => [formatRef(refOf(object)), object]));
}
