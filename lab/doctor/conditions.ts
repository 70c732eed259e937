import { fields, fieldsAt, fieldsList, text } from "../manifests/fields.ts";
import type { KubeObject } from "../manifests/object.ts";

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** `status.conditions`, or those of a part of the status. */
export function conditionsOf(status: unknown): Condition[] {
  return fieldsList(fields(status).conditions).map((condition) => ({
    type: text(condition.type) ?? "",
    status: text(condition.status) ?? "",
    reason: text(condition.reason) ?? "",
    message: text(condition.message) ?? "",
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

/** "Programmed=False AddressNotAssigned: Assigned to service(s) …". */
export function conditionText({ type, status, reason, message }: Condition): string {
  return `${type}=${status} ${reason}${message === "" ? "" : `: ${message}`}`;
}

export function statusOf(object: KubeObject | undefined) {
  return fieldsAt(object, "status");
}
