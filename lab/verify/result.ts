/** One thing a stack promises, and what the cluster showed. */
export interface Result {
  readonly app: string;
  /** What was looked at: "GET https://mango.example.com/mango", "Vault unsealed". */
  readonly asked: string;
  readonly expected: string;
  readonly got: string;
  readonly ok: boolean;
  /** How it was seen, in words: the way to the address, the object that was read. */
  readonly how: string;
}

/** A check that can be made again while something is still coming. */
export interface Check {
  readonly asked: string;
  run(): Promise<Result>;
}
