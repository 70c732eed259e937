import assert from "node:assert/strict";
import fc from "fast-check";
import { explainIssue } from "../../config/explain-issue.ts";
import type { Path } from "../../config/problem.ts";
import { ConfigError, parsePrototype } from "../../config/read.ts";
import { prototypeSchema } from "../../config/schema.ts";
import { stackNames, stackValues } from "../support/stack-files.ts";

/** A mistake of one word: the key at a path is written otherwise, or something stands there that can never be meant. */
interface Slip {
  readonly path: Path;
  readonly kind: "misspelt" | "garbled";
}

function slipsOf(value: unknown, path: Path = []): Slip[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    const misspelt: Slip[] = Array.isArray(value) ? [] : [{ path: at, kind: "misspelt" }];
    return [...misspelt, { path: at, kind: "garbled" } as const, ...slipsOf(part, at)];
  });
}

function slip(values: object, { path, kind }: Slip): void {
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => Reflect.get(Object(at), key), values);
  const key = path.at(-1) ?? "";
  if (typeof parent !== "object" || parent === null || !Object.hasOwn(parent, key)) return;
  const value: unknown = Reflect.get(parent, key);
  Reflect.set(parent, kind === "misspelt" ? `${key}?` : key, kind === "misspelt" ? value : [[0]]);
  if (kind === "misspelt") Reflect.deleteProperty(parent, key);
}

function problemsOf(values: Record<string, unknown>): readonly unknown[] {
  try {
    parsePrototype("mine", values);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** What the schema alone says, in the same words. */
function wordsOf(values: Record<string, unknown>): readonly unknown[] {
  const result = prototypeSchema.safeParse(values);
  return (result.error?.issues ?? []).flatMap((issue) => explainIssue(issue, prototypeSchema, values));
}

describe("a configuration that can be read in part", () => {
  for (const stack of stackNames()) {
    it(`accuses nothing that is right in ${stack}, whatever single word of it is wrong`, () => {
      for (const mistake of slipsOf(stackValues(stack))) {
        const values = structuredClone(stackValues(stack));
        slip(values, mistake);
        const words = wordsOf(values);
        // Names that only people see may be anything.
        if (words.length === 0) continue;
        assert.deepEqual(problemsOf(values), words, `${mistake.kind} ${mistake.path.join(".")}`);
      }
    });
  }

  it("accuses nothing that is right, whatever words of it are wrong", () => {
    const stack = fc.constantFrom(...stackNames());
    const mistakes = stack.chain((name) =>
      fc.tuple(fc.constant(name), fc.subarray(slipsOf(stackValues(name)), { minLength: 2, maxLength: 6 })),
    );
    fc.assert(
      fc.property(mistakes, ([name, slips]) => {
        const values = structuredClone(stackValues(name));
        for (const mistake of slips) slip(values, mistake);
        const words = wordsOf(values);
        fc.pre(words.length > 0);
        assert.deepEqual(problemsOf(values), words);
      }),
      { numRuns: 100 },
    );
  });
});
