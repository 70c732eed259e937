import type { Move } from "./compare.ts";

/** How a kind of move is shown: a sign, a word, and what it means. */
export interface MoveMark {
  readonly sign: string;
  readonly word: string;
  readonly meaning: string;
}

/** In the order of legends. */
export const MARKS: Readonly<Record<Move["kind"], MoveMark>> = {
  moved: { sign: "→", word: "moved", meaning: "the same, said in another field" },
  changed: { sign: "≠", word: "changed", meaning: "something else is so" },
  added: { sign: "+", word: "new", meaning: "nothing said it before" },
  removed: { sign: "−", word: "gone", meaning: "nothing says it any more" },
  same: { sign: "=", word: "same", meaning: "the same words in the same field" },
};
