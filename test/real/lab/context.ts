import { VisibleError } from "../../../lab/terminal/visible-error.ts";
import type { Programs } from "../toolbox/toolbox.ts";

/** What a part's tests are given by the runner. */
export interface Context {
  readonly part: string;
  /** the part's own directory for data and logs; removed when the part passes */
  readonly directory: string;
  readonly programs: Programs;
  /** directories with CustomResourceDefinition files, by who brings them */
  readonly crds: Readonly<Record<string, string>>;
  /** directories of modules' sources */
  readonly sources: Readonly<Record<string, string>>;
}

/** The running part's context, as the runner put it into the environment. */
export function context(): Context {
  const text = process.env.LEARN_REAL;
  if (!text) throw new Error("these tests are run by `npm run test:real`, which builds and starts what they need");
  return JSON.parse(text);
}

/** Absolute path of a program of the toolbox. @throws VisibleError where the part has none of that name */
export function program(name: string): string {
  const { part, programs } = context();
  const path = programs[name];
  if (path !== undefined) return path;
  throw new VisibleError(
    `part ${part} starts ${name}, which was not built for it: add it to the part's programs, and its module to the part's modules, in test/real/parts.ts`,
    1,
  );
}
