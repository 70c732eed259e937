import { readFileSync } from "node:fs";

/** What the real parts did with one broken wire; made by `npm run test:real`, kept in docs/controller-verdicts.json. */
export interface Verdict {
  /** the stack that was broken, or "example" */
  readonly set: string;
  /** which wire, unique in its set */
  readonly wire: string;
  /** the API server's words when it refused an object, shortened */
  readonly refused?: string;
  /** what the controller wrote into statuses that it does not write when the wire holds, one line for each object */
  readonly statuses: readonly string[];
  /** promised requests that were answered in another way: "GET http://apple.example.com/apple: 404"; none asked of the example */
  readonly answers: readonly string[];
}

const file = new URL("../../docs/controller-verdicts.json", import.meta.url);

export const verdictsFile: string = file.pathname;

export function readVerdicts(): Verdict[] {
  return JSON.parse(readFileSync(file, "utf8"));
}

export function verdictsText(verdicts: readonly Verdict[]): string {
  return `${JSON.stringify(verdicts, null, 2)}\n`;
}

/** Who is the first to tell of a broken wire. */
export type Teller = "API server" | "istiod" | "client" | "nobody";

export function tellerOf({ refused, statuses, answers }: Verdict): Teller {
  if (refused !== undefined) return "API server";
  if (statuses.length > 0) return "istiod";
  return answers.length > 0 ? "client" : "nobody";
}
