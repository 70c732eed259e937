import type { KubeObject } from "../../../lab/manifests/object.ts";
import type { ApiAnswer, ApiClient } from "../cluster/api-client.ts";
import { eventually } from "../lab/wait.ts";

/** Where an object is found: apiVersion, kind, namespace and name. */
export type At = readonly [apiVersion: string, kind: string, namespace: string, name: string];

/** Changes of the live cluster that are undone in reverse, so that the next test finds it as it was. */
export class Changes {
  private readonly client: ApiClient;
  private readonly undoing: (() => Promise<unknown>)[] = [];

  constructor(client: ApiClient) {
    this.client = client;
  }

  /** Replaces an object by what `change` makes of a copy of it. */
  async change(at: At, change: (object: KubeObject) => void): Promise<void> {
    const before = await this.read(at);
    const changed = structuredClone(before);
    change(changed);
    await this.replace(at, changed);
    this.undoing.push(() => this.replace(at, before));
  }

  async remove(at: At): Promise<void> {
    const before = await this.read(at);
    good(await this.client.delete(...at));
    this.undoing.push(async () => {
      await this.gone(at);
      good(await this.client.create(before));
    });
  }

  async add(...objects: KubeObject[]): Promise<void> {
    for (const object of objects) {
      const { apiVersion, kind, metadata } = object;
      const at: At = [apiVersion, kind, metadata.namespace ?? "default", metadata.name];
      good(await this.client.create(object));
      this.undoing.push(async () => {
        good(await this.client.delete(...at));
        await this.gone(at);
      });
    }
  }

  /** Merges into an object's status, as the one who writes it does. */
  async status(at: At, status: object): Promise<void> {
    const { status: before } = good(await this.client.get(...at)).body;
    const write = (value: object) => this.client.mergeStatus(at, value);
    good(await write(status));
    this.undoing.push(async () => good(await write(before)));
  }

  /** For what is no change of an object. */
  onUndo(undo: () => Promise<unknown>): void {
    this.undoing.push(undo);
  }

  async undo(): Promise<void> {
    for (const undo of this.undoing.splice(0).reverse()) await undo();
  }

  /** An object without what the server writes into it. */
  private async read(at: At): Promise<KubeObject> {
    const { status: _, ...object } = good(await this.client.get(...at)).body;
    for (const field of ["resourceVersion", "uid", "creationTimestamp", "generation", "managedFields"])
      delete object.metadata[field];
    return object;
  }

  /** Whoever else writes into the object meanwhile is heard: then it is tried again. */
  private async replace(at: At, object: KubeObject): Promise<void> {
    await eventually(`${at.slice(1).join(" ")} to be replaced`, 10, async () => {
      const { resourceVersion } = good(await this.client.get(...at)).body.metadata;
      const answer = await this.client.replace({ ...object, metadata: { ...object.metadata, resourceVersion } });
      if (answer.status === 409) return null;
      return good(answer);
    });
  }

  private async gone(at: At): Promise<void> {
    await eventually(`${at.slice(1).join(" ")} to be gone`, 20, async () => {
      return (await this.client.get(...at)).status === 404;
    });
  }
}

function good(answer: ApiAnswer): ApiAnswer {
  if (answer.status >= 300) throw new Error(answer.body.message);
  return answer;
}
