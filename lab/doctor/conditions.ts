import { fields, fieldsAt, fieldsList, number, text } from "../manifests/fields.ts";
import type { KubeObject } from "../manifests/object.ts";

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** The generation of the object that the condition speaks of; undefined where its writer does not say. */
  readonly generation: number | undefined;
}

/** `status.conditions`, or those of a part of the status. */
export function conditionsOf(status: unknown): Condition[] {
  return fieldsList(fields(status).conditions).map((condition) => ({
    type: text(condition.type) ?? "",
    status: text(condition.status) ?? "",
    reason: text(condition.reason) ?? "",
    message: text(condition.message) ?? "",
    generation: number(condition.observedGeneration),
  }));
}

/** The first of these conditions that is there and is not as it should be ("True" unless said otherwise). */
export function failing(conditions: readonly Condition[], wanted: readonly string[]): Condition | undefined {
  for (const type of wanted) {
    const found = conditions.find((condition) => condition.type === type);
    if (found && found.status !== "True") return found;
  }
  return undefined;
}

/** "Programmed=False AddressNotAssigned: Assigned to service(s) …", on one line: Vault's errors have several. */
export function conditionText({ type, status, reason, message }: Condition): string {
  const said = message.replace(/\s+/g, " ").trim();
  return `${type}=${status} ${reason}${said === "" ? "" : `: ${said}`}`;
}

/**
 * What a status says that was written before the object was changed; undefined when it speaks of the object as it is.
 * A controller that runs catches up within a second.
 */
export function outdated(object: KubeObject, conditions: readonly Condition[]): string | undefined {
  const now = number(object.metadata.generation);
  const spoken = conditions.map(({ generation }) => generation).find((generation) => generation !== undefined);
  if (now === undefined || spoken === undefined || spoken >= now) return undefined;
  return `its status is of generation ${spoken}, and the object is of generation ${now}`;
}

export function statusOf(object: KubeObject | undefined) {
  return fieldsAt(object, "status");
}
