import { type Key, type KeyRing, keyName, ringOf, sameKey, type WantedKey } from "./key-ring.ts";
import { covers, withoutOverlap } from "./resources.ts";

/** One step of a rotation. Each can be done again without harm. */
export type RotationStep =
  /** The API server gets this key ring, and is waited for until it uses it. */
  | { readonly kind: "load"; readonly ring: KeyRing; readonly why: string }
  /** Every object of these resources is written once more, by which it gets the first key. */
  | { readonly kind: "rewrite"; readonly resources: readonly string[] };

/** Two different secrets under one name: whichever is dropped, something can no longer be read. */
export class KeyConflict extends Error {
  override readonly name = "KeyConflict";
}

/**
 * The steps from the key rings found (on the node, on the host; they differ when a run was interrupted) to the wanted key:
 *
 * 1. load: the wanted key first, all others after it. Nothing written so far becomes unreadable.
 * 2. rewrite: everything encrypted now has the wanted key; what shall be encrypted no longer is in clear.
 * 3. load: the wanted key alone; only now are others dropped.
 *
 * After a fault at any point the same function, asked again, gives what is left to do: until 3, the old keys are in every
 * ring that is written. Without any ring (a cluster that begins with the wanted key) only objects written before are left.
 *
 * @throws KeyConflict when the wanted key has the name of another one that is in use.
 */
export function rotationSteps(found: readonly KeyRing[], wanted: WantedKey): RotationStep[] {
  const last = ringOf(wanted);
  const known = distinctKeys(found.flatMap((ring) => ring.keys));
  const others = distinctKeys([wanted.key, ...known]).slice(1);
  const encryptedSoFar = found.flatMap((ring) => [...ring.resources, ...ring.leaving]);
  const leaving = withoutOverlap(encryptedSoFar).filter(
    (resource) => !last.resources.some((pattern) => covers(pattern, resource)),
  );
  const first: KeyRing = { keys: [wanted.key, ...others], resources: last.resources, leaving };
  const rewrite: RotationStep = { kind: "rewrite", resources: [...last.resources, ...leaving] };
  const done = others.length === 0 && leaving.length === 0;
  const load: RotationStep = { kind: "load", ring: first, why: firstReason(known, wanted.key) };
  if (done) return [load, rewrite];
  return [load, rewrite, { kind: "load", ring: last, why: lastReason(others, leaving) }];
}

/** Keys by provider and name, first come first; the same name with two secrets is a conflict. */
function distinctKeys(keys: readonly Key[]): Key[] {
  const distinct: Key[] = [];
  for (const key of keys) {
    const same = distinct.find((other) => sameKey(other, key));
    if (same === undefined) distinct.push(key);
    else if (same.secret !== key.secret)
      throw new KeyConflict(
        `there is another key named ${keyName(key)} in use, with which Secrets are still encrypted. Choose a name that was not used before (learn:encryption.key)`,
      );
  }
  return distinct;
}

function firstReason(known: readonly Key[], wanted: Key): string {
  return known.some((key) => sameKey(key, wanted))
    ? `key ${keyName(wanted)} writes`
    : `key ${keyName(wanted)} is added and writes from now on`;
}

function lastReason(others: readonly Key[], leaving: readonly string[]): string {
  const dropped = others.map(keyName).join(", ");
  if (dropped === "") return `${leaving.join(", ")} are in clear now`;
  return `nothing needs ${dropped} any more: dropped`;
}
