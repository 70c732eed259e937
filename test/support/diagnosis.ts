import assert from "node:assert/strict";
import type { Diagnosis } from "../../lab/doctor/diagnosis.ts";
import { examinationText } from "../../lab/doctor/report.ts";
import { formatRef } from "../../lab/manifests/object.ts";

/** What the first broken wire of some path must be. */
export interface Wanted {
  /** Part of the path. */
  readonly path: string;
  /** How the reference begins: names of pods are not known beforehand. */
  readonly from: string;
  /** The same; null when the wire has no other end. @default - not looked at */
  readonly to?: string | null;
  readonly status: RegExp;
  readonly meaning: RegExp;
  readonly next: RegExp;
  readonly trouble?: string;
  /** Paths, by a part of their text, that hold in spite of it. */
  readonly holds?: readonly string[];
}

/** @throws AssertionError with the doctor's own words when it does not name the wanted wire as the first broken one */
export function assertDiagnosed(wanted: Wanted, diagnoses: readonly Diagnosis[]): void {
  const said = examinationText({ diagnoses, doubts: [] });
  const begins = (ref: { kind: string; namespace: string | null; name: string }, by: string) =>
    formatRef(ref).startsWith(by);
  const broken = diagnoses
    .filter(({ path }) => path.includes(wanted.path))
    .map((diagnosis) => diagnosis.broken)
    .find((one) => one && begins(one.from, wanted.from));
  assert.ok(broken, `no path ${wanted.path} breaks at ${wanted.from}:\n${said}`);
  const { to, status, meaning, next, trouble } = broken;
  if (wanted.to === null) assert.equal(to, null, said);
  else if (wanted.to !== undefined)
    assert.ok(to && begins(to, wanted.to), `it does not lead to ${wanted.to}:\n${said}`);
  assert.match(status, wanted.status);
  assert.match(meaning, wanted.meaning);
  assert.match(next, wanted.next);
  assert.equal(trouble, wanted.trouble, said);
  for (const holds of wanted.holds ?? []) {
    const paths = diagnoses.filter(({ path }) => path.includes(holds));
    assert.ok(paths.length > 0 && paths.every((one) => one.broken === undefined), `${holds} does not hold:\n${said}`);
  }
}
