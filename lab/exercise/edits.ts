import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isScalar, isSeq, type Node, type Pair, parse, parseDocument } from "yaml";
import { type Edit, type Exercise, stackOf } from "./exercise.ts";

/** A broken exercise is to be applied to a cluster all the same. */
const APPLY_ALL_THE_SAME: Edit = { set: ["learn:wiring"], to: "warn" };

/** The longest value that is written on one line. */
const ONE_LINE = 90;

/** The stack file that a learner is given: the prototype's, prepared, with its wire broken. */
export function brokenFile(prototypeText: string, exercise: Exercise): string {
  const text = edited(prototypeText, [...(exercise.preparation ?? []), ...exercise.break, APPLY_ALL_THE_SAME]);
  // The first line tells editors the schema; the prototype's own story comes after the exercise's.
  const [schema = "", ...story] = text.split("\n");
  return [schema, ...headOf(exercise), ...story].join("\n");
}

/** The same file, mended. */
export function mendedFile(brokenText: string, { solution }: Pick<Exercise, "solution">): string {
  return edited(brokenText, solution);
}

/**
 * A YAML text with edits made in its tree, so that comments, quotes and order stay.
 * @throws Error when an edit names a place that is not there: a defect of the exercise
 */
export function edited(text: string, edits: readonly Edit[]): string {
  const document = parseDocument(text);
  for (const edit of edits) apply(document, edit);
  keepStateLast(document);
  return closeBrackets(document.toString({ lineWidth: 120 }));
}

function apply(document: Document, edit: Edit): void {
  if ("set" in edit) {
    document.setIn(["config", ...edit.set], nodeOf(document, edit.to));
  } else if ("add" in edit) {
    const path = ["config", ...edit.add];
    if (!isSeq(document.getIn(path))) document.setIn(path, document.createNode([]));
    document.addIn(path, nodeOf(document, edit.entry));
  } else {
    const path = ["config", ...edit.remove];
    if (!document.hasIn(path)) throw new Error(`there is no ${path.join(".")} to remove`);
    document.deleteIn(path);
  }
}

/** What fits on a line is written on one, as the stack files do; what does not gets a line for each entry. */
function nodeOf(document: Document, value: unknown): Node {
  const node = document.createNode(value);
  if (isMap(node) || isSeq(node)) {
    const short = JSON.stringify(value).length <= ONE_LINE;
    node.flow = short;
    const children: unknown[] = isMap(node) ? node.items.map(({ value: child }: Pair) => child) : node.items;
    if (!short) for (const child of children) if (isMap(child) || isSeq(child)) child.flow = true;
  }
  return node;
}

/** `encryptionsalt` is Pulumi's own and stays at the end, as Pulumi writes it. */
function keepStateLast({ contents }: Document): void {
  if (!isMap(contents)) return;
  const salt = contents.items.findIndex((pair: Pair) => isScalar(pair.key) && pair.key.value === "encryptionsalt");
  if (salt >= 0) contents.items.push(...contents.items.splice(salt, 1));
}

/** `[ a, b ]` becomes `[a, b]`, the way the stack files are written; not where it would change a value. */
function closeBrackets(text: string): string {
  const closed = text.replaceAll(/\[ (?=\S)/g, "[").replaceAll(/(?<=\S) \]/g, "]");
  return isDeepStrictEqual(parse(closed), parse(text)) ? closed : text;
}

function headOf(exercise: Exercise): string[] {
  const { name, prototype } = exercise;
  return [
    `# Exercise ${name}: a copy of ${prototype} in which one wire is broken. Find it, mend it here, and then`,
    `#   npm run exercise -- ${name} --check    (also --hint, --solution, --reset)`,
    `#   npm start -- ${stackOf(exercise)}`,
    "# learn:wiring: warn lets the broken stack onto a cluster and is no part of the riddle. The prototype's own story:",
  ];
}

/** The lines in which two texts differ, with "- " and "+ " before them. */
export function changedLines(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return [
    ...old.slice(start, old.length - end).map((line) => `- ${line}`),
    ...now.slice(start, now.length - end).map((line) => `+ ${line}`),
  ];
}
