import type { Ref } from "../manifests/object.ts";
import type { Finding } from "../wiring/finding.ts";

/** What an examination of a cluster brought to light. */
export interface Examination {
  /** One for every path, and for every pod of the platform that is not well. */
  readonly diagnoses: readonly Diagnosis[];
  /** Wires that hold by their own status, and are doubtful all the same: warnings of the wiring rules. */
  readonly doubts: readonly Finding[];
}

/** The first broken wire of a path, or that none is. */
export interface Diagnosis {
  /** What was walked: "https://mango.example.com on Gateway mango/mango-gateway, listener https → HTTPRoute mango/mango". */
  readonly path: string;
  readonly broken?: Broken;
}

export interface Broken {
  readonly from: Ref;
  readonly to: Ref | null;
  /** What the object says of itself: its own condition's message. */
  readonly status: string;
  /** What that means, in a sentence. */
  readonly meaning: string;
  /** The next command to run or line to change. */
  readonly next: string;
  /** Entry of docs/troubleshooting.md, such as T2. */
  readonly trouble?: string;
}
