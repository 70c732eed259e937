/**
 * Stands for a leaf whose value is not known yet, as at `pulumi preview`. It never leads to a finding.
 * The same string by which the Pulumi engine marks an unknown, so registered inputs can be taken as they are.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts (unknownValue)
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** True for {@link UNKNOWN} and for a text into which it was interpolated. */
export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && value.includes(UNKNOWN);
}
