import type { Observation } from "./observe.ts";

/** Whether a learner's file is mended, and what still speaks against it. */
export interface Verdict {
  readonly mended: boolean;
  readonly remarks: readonly string[];
}

/**
 * Mended is a file in which nothing is wrong and which still promises everything: an answer that is no longer asked for
 * is no answer.
 * @param promised what the exercise's file asked for when it was given out
 */
export function judge({ troubles, asked }: Observation, promised: readonly string[]): Verdict {
  const refused = troubles.some(({ symptom }) => "refused" in symptom);
  const dropped = refused ? [] : promised.filter((answer) => !asked.includes(answer));
  const remarks = [
    ...troubles.map(({ text }) => text),
    ...dropped.map((answer) => `${answer}: no longer promised; put it back under answers`),
  ];
  return { mended: remarks.length === 0, remarks };
}
