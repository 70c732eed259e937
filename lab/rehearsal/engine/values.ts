import { UNKNOWN } from "../../manifests/unknown.ts";

// How property values travel between program and engine.
// Source: sdk/nodejs/runtime/rpc.ts (special signature keys) of pulumi/pulumi.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

type Wire = Record<string, unknown>;

function isWire(value: unknown): value is Wire {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Plain data from what travelled: secrets and outputs unwrapped, resources as their id (or URN). */
export function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (!isWire(value)) return value;
  switch (value[SIGNATURE]) {
    case SECRET:
      return unwrap(value.value);
    case OUTPUT:
      return "value" in value ? unwrap(value.value) : UNKNOWN;
    case RESOURCE:
      return value.id ?? value.urn;
    default:
      return mapFields(value, unwrap);
  }
}

/** As it travelled, but for output values, which only requests may hold: known ones plain or secret, others unknown. */
export function echo(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(echo);
  if (!isWire(value)) return value;
  if (value[SIGNATURE] === OUTPUT) {
    const plain = "value" in value ? echo(value.value) : UNKNOWN;
    return value.secret === true ? secret(plain) : plain;
  }
  return mapFields(value, echo);
}

/** Marks a value as secret on the wire. */
export function secret(value: unknown): unknown {
  return isWire(value) && value[SIGNATURE] === SECRET ? value : { [SIGNATURE]: SECRET, value };
}

/** True when an unknown hides anywhere in the value. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isWire(value) && Object.values(value).some(hasUnknown);
}

function mapFields(value: Wire, map: (value: unknown) => unknown): Wire {
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, map(entry)]));
}
