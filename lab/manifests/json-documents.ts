import { isTooDeep } from "./depth.ts";

/** One of several JSON texts in a file. */
export interface JsonDocument {
  /** Undefined when it cannot be read; it is then the last one, and `text` goes on to the end of the file. */
  readonly value: unknown;
  readonly text: string;
  /** Where it begins in the file (code units). */
  readonly offset: number;
}

/** Strings whole, so that brackets in them do not count; one that is not closed goes on to the end. */
const TOKEN = /"[^"\\]*(?:\\.?[^"\\]*)*(?:"|$)|[{}[\]]/gs;
/** White space, and the marker with which YAML separates documents. */
const GAP = /(?:\s|---(?=\s|$))*/y;

/**
 * JSON documents one after another, as two runs of `kubectl get -o json` or NDJSON give them; undefined when the text is
 * something else: a single document, YAML, or torn within the first document.
 */
export function jsonDocuments(content: string): JsonDocument[] | undefined {
  const documents: JsonDocument[] = [];
  for (let offset = afterGap(content, 0); offset < content.length; ) {
    const text = content.slice(offset, endOfPiece(content, offset));
    const value = readJson(text);
    if (value === undefined) {
      const isJson = documents.length > 1 || /[{[]/.test(content.charAt(offset));
      if (documents.length === 0 || !isJson) return undefined;
      return [...documents, { value, text: content.slice(offset), offset }];
    }
    documents.push({ value, text, offset });
    offset = afterGap(content, offset + text.length);
  }
  return documents.length > 1 ? documents : undefined;
}

function afterGap(content: string, from: number): number {
  GAP.lastIndex = from;
  return from + (GAP.exec(content)?.[0].length ?? 0);
}

/** Where the brackets that open at `from` come out even; the end of the text when they never do or none opens. */
function endOfPiece(content: string, from: number): number {
  if (!/[{[]/.test(content.charAt(from))) return content.length;
  TOKEN.lastIndex = from;
  let depth = 0;
  for (let found = TOKEN.exec(content); found !== null; found = TOKEN.exec(content)) {
    const [token] = found;
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    if (depth === 0) return TOKEN.lastIndex;
  }
  return content.length;
}

/** What a JSON text says; undefined when it is none, or nests too deep for a manifest. */
export function readJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
}
