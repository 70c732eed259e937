import { isAlias, isMap, isSeq, LineCounter, type Node, type ParsedNode, type YAMLParseError } from "yaml";
import { isTooDeep, TOO_DEEP } from "./depth.ts";
import { type Fields, isFields, withoutNulls } from "./fields.ts";
import { type JsonDocument, jsonDocuments, readJson } from "./json-documents.ts";
import type { KubeObject, Sourced } from "./object.ts";
import { yamlDocuments } from "./yaml-documents.ts";

/** The objects of one text, and what is wrong with the rest, as `file:line:column: message`. */
export interface Parsed {
  objects: Sourced[];
  mistakes: string[];
}

/**
 * Parses YAML or JSON (several documents of either) into Kubernetes objects; empty documents are passed over and `List`
 * kinds are flattened. `file` is only for messages and sources ("-" = standard input).
 */
export function parseManifests(content: string, file: string): Parsed {
  const shown = file === "-" ? "standard input" : file;
  const objects: Sourced[] = [];
  const mistakes: string[] = [];
  const beginsAsJson = /^\s*[{[]/.test(content);
  // JSON is parsed by the engine's own parser, far faster; what it refuses goes to the YAML parser for line and column
  const json = beginsAsJson ? readJson(content) : undefined;
  if (json !== undefined) {
    collect(withoutNulls(json), () => 1, undefined, undefined);
    return { objects, mistakes };
  }
  const lines = new LineCounter();
  const several = beginsAsJson ? jsonDocuments(content) : undefined;
  if (several !== undefined) {
    lines.addNewLine(0);
    for (const { index } of content.matchAll(/\n/g)) lines.addNewLine(index + 1);
    for (const [index, document] of several.entries()) oneOfSeveral(document, index + 1);
    return { objects, mistakes };
  }
  for (const document of yamlDocuments(content, lines)) {
    const error = firstError(document.errors);
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      mistakes.push(`${shown}:${line}:${col}: not readable as YAML: ${firstLine(error.message)}`);
      continue;
    }
    if (document.contents === null) continue;
    let value: unknown;
    try {
      const plain: unknown = document.toJS();
      // The text nests less deep, so aliases do it.
      if (isTooDeep(plain)) throw new RangeError(TOO_DEEP);
      value = withoutNulls(plain);
    } catch (error) {
      // An alias without its anchor, within its own anchor, or aliases that multiply without end.
      const why =
        error instanceof RangeError
          ? `an alias stands within its own anchor, or ${TOO_DEEP}`
          : firstLine(String(error));
      mistakes.push(`${shown}:${lineOf(document.contents)}: not readable as YAML: ${why}`);
      continue;
    }
    if (value !== null) collect(value, lineOf, document.contents, undefined);
  }
  return { objects, mistakes };

  function oneOfSeveral({ value, text, offset }: JsonDocument, nth: number): void {
    const begin = lines.linePos(offset);
    if (value !== undefined) {
      collect(withoutNulls(value), () => begin.line, undefined, undefined);
      return;
    }
    // The YAML parser tells the place in the same way for every version of Node.
    const error = firstError(yamlDocuments(text, new LineCounter()).flatMap(({ errors }) => errors));
    const { line, col } = error === undefined ? begin : lines.linePos(offset + error.pos[0]);
    const why = error === undefined ? "it is not JSON, as the documents before it are" : firstLine(error.message);
    mistakes.push(`${shown}:${line}:${col}: document ${nth} is not readable as JSON: ${why}`);
  }

  function lineOf(node: Node | null | undefined): number {
    return node?.range ? lines.linePos(node.range[0]).line : 1;
  }

  function collect(
    value: unknown,
    line: (node: Node | null | undefined) => number,
    node: Node | null | undefined,
    inherited: Pick<KubeObject, "apiVersion" | "kind"> | undefined,
  ): void {
    const at = line(node);
    const problem = (message: string) => mistakes.push(`${shown}:${at}: ${message}`);
    if (!isFields(value)) return void problem("not a Kubernetes manifest: expected an object with apiVersion and kind");
    const apiVersion = value.apiVersion ?? inherited?.apiVersion;
    const kind = value.kind ?? inherited?.kind;
    if (!isName(apiVersion)) {
      return void problem(isName(kind) ? `${kind} has no apiVersion` : "not a Kubernetes manifest: no apiVersion");
    }
    if (!isName(kind)) return void problem(`the object of apiVersion ${apiVersion} has no kind`);
    if (isListKind(kind, value)) {
      const items = Array.isArray(value.items) ? value.items : [];
      const itemNodes = itemsNode(node);
      const defaults = kind === "List" ? undefined : { apiVersion, kind: kind.slice(0, -"List".length) };
      for (const [i, item] of items.entries()) collect(item, line, itemNodes?.[i] ?? node, defaults);
      return;
    }
    const metadata = isFields(value.metadata) ? value.metadata : {};
    const { name, namespace } = metadata;
    if (name === undefined || name === null || name === "") return void problem(`${kind} has no metadata.name`);
    if (typeof name !== "string")
      return void problem(`${kind}: metadata.name must be text, got ${JSON.stringify(name)}`);
    if (namespace !== undefined && namespace !== null && typeof namespace !== "string") {
      return void problem(`${kind} ${name}: metadata.namespace must be text, got ${JSON.stringify(namespace)}`);
    }
    const { namespace: _, ...rest } = metadata;
    const identity = typeof namespace === "string" ? { ...rest, name, namespace } : { ...rest, name };
    objects.push({ object: { ...value, apiVersion, kind, metadata: identity }, source: { file, line: at } });
  }
}

/** The first mistake; that a torn object was taken for a key because something follows it only hides the mistake in it. */
function firstError(errors: readonly YAMLParseError[]): YAMLParseError | undefined {
  return errors.find(({ code }) => code !== "MULTILINE_IMPLICIT_KEY") ?? errors[0];
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isListKind(kind: string, value: Fields): boolean {
  return kind === "List" || (kind.endsWith("List") && "items" in value);
}

function itemsNode(node: Node | null | undefined): (Node | null)[] | undefined {
  if (!isMap(node)) return undefined;
  const items = node.get("items", true) as ParsedNode | undefined;
  return isSeq(items) && !isAlias(items) ? (items.items as (Node | null)[]) : undefined;
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0]?.replace(/^\w*Error: /, "") ?? message;
}
