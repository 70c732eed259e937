/** One small change of a stack file, by the path of a key below `config`; comments and everything else stay as they are. */
export type Edit =
  | { readonly set: Path; readonly to: unknown }
  | { readonly remove: Path }
  /** Puts an entry at the end of a list, which is made when it is not there. */
  | { readonly add: Path; readonly entry: unknown };

/** Keys and list indices from `config` down: ["learn:apps", "mango", "gateway", "routes", 0, "path"]. */
export type Path = readonly [string, ...(string | number)[]];

/** One thing that is to be seen while the wire is broken; what a test, and `--check`, look for. */
export type Symptom =
  /** An answer differs from what is promised; `got` is part of what comes instead. */
  | { readonly answer: string; readonly got: string }
  /** A finding of the wiring check. */
  | { readonly rule: string; readonly severity: "error" | "warning" }
  /** The stack file is refused before anything runs; part of the message. */
  | { readonly refused: string }
  /** A certificate is not issued; part of what the authority says. */
  | { readonly certificate: string; readonly says: string }
  /** A Gateway that is told to have an address gets none. */
  | { readonly noAddress: string };

/** A prototype with one wire broken, for a learner to mend. */
export interface Exercise {
  /** Kebab-case; the stack is called `exercise-<name>`. */
  readonly name: string;
  /** The stack whose file is copied. */
  readonly prototype: string;
  /** What it is about, in a few words of the field. */
  readonly concept: string;
  /** What the prototype does not show yet and the exercise needs; part of the solution, too. */
  readonly preparation?: readonly Edit[];
  readonly break: readonly Edit[];
  /** Undoes the break. */
  readonly solution: readonly Edit[];
  /** What a person sees, in words, without saying why. */
  readonly tells: string;
  readonly symptoms: readonly [Symptom, ...Symptom[]];
  /** What differs on a cluster from the rehearsal, where something does. */
  readonly onCluster?: string;
  /** From where to look down to nearly what to write. */
  readonly hints: readonly [string, ...string[]];
  /** What one knows afterwards. */
  readonly teaches: string;
}

/** The name of the stack, and so of the Pulumi stack and the minikube profile, of an exercise. */
export function stackOf({ name }: Pick<Exercise, "name">): string {
  return `exercise-${name}`;
}
