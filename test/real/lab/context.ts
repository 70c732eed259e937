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

/** Absolute path of a program of the toolbox. */
export function program(name: string): string {
  const path = context().programs[name];
  if (path === undefined) throw new Error(`part ${context().part} does not list the program ${name} in parts.ts`);
  return path;
}
