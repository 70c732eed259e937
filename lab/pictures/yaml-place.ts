import { isMap, isNode, isScalar, isSeq } from "yaml";

/** Where a path leads in a YAML document, as offsets into its text. */
export interface YamlPlace {
  /** The first character of the key (or of the list's entry). */
  readonly start: number;
  /** Behind the last character of the value. */
  readonly end: number;
  /** How many of the path's steps are there; fewer than all: the place is of what is there. */
  readonly steps: number;
}

/**
 * Follows a path as far as the document goes.
 * @param root the document's contents, parsed with their ranges
 */
export function placeInYaml(root: unknown, path: readonly (string | number)[]): YamlPlace | undefined {
  let node = root;
  let place: YamlPlace | undefined;
  for (const [i, step] of path.entries()) {
    let start: number | undefined;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      start = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
      node = pair?.value;
    } else if (isSeq(node) && typeof step === "number") {
      node = node.items[step];
      start = isNode(node) ? node.range?.[0] : undefined;
    }
    if (start === undefined) return place;
    place = { start, end: (isNode(node) ? node.range?.[1] : undefined) ?? start, steps: i + 1 };
  }
  return place;
}
