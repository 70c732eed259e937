import type { Condition } from "../../../lab/doctor/conditions.ts";
import type { Wanted } from "../../support/diagnosis.ts";
import type { At, Changes } from "./changes.ts";
import type { LiveLab } from "./live-lab.ts";

/** Something wrong with the live cluster, and what the doctor must say of it. */
export interface Disease {
  readonly title: string;
  readonly make: (changes: Changes, lab: LiveLab) => Promise<void>;
  /** What is to be seen at the API server before the doctor is asked: controllers need a moment. */
  readonly until: (lab: LiveLab) => Promise<boolean>;
  readonly wanted: Wanted;
}

/** Whether an object's status, as text, is of this form. */
export const says =
  (at: At, pattern: RegExp) =>
  async ({ client }: LiveLab): Promise<boolean> => {
    const { status, body } = await client.get(...at);
    return status === 200 && pattern.test(JSON.stringify(body.status ?? {}));
  };

/** Whether some condition anywhere in an object's status has this reason. */
export const reason = (at: At, wanted: Condition["reason"]) => says(at, new RegExp(`"reason":"${wanted}"`));

/** Whether as many addresses as said are ready behind a Service, by the EndpointSlice controller. */
export const endpoints =
  (namespace: string, service: string, wanted: number) =>
  async ({ client }: LiveLab): Promise<boolean> => {
    const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=kubernetes.io/service-name%3D${service}`;
    const items: { endpoints?: { conditions: { ready: boolean } }[] }[] = (await client.send("GET", path)).body.items;
    const ready = items.flatMap((slice) => slice.endpoints ?? []).filter(({ conditions }) => conditions.ready);
    return ready.length === wanted;
  };
