import { Composer, type CST, type Document, Lexer, type LineCounter, type ParsedNode, Parser } from "yaml";
import { DEEPEST, TOO_DEEP } from "./depth.ts";

/**
 * The documents of a YAML text, at least one, as the library's `parseAllDocuments` gives them; but where the text nests
 * too deep, reading ends with that as the mistake. The library would go on until its stack is used up.
 */
export function yamlDocuments(content: string, lines: LineCounter): Document.Parsed<ParsedNode>[] {
  return [...new Composer({ merge: true }).compose(tokens(content, lines), true, content.length)];
}

function* tokens(content: string, lines: LineCounter): Generator<CST.Token, void> {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(content)) {
    yield* parser.next(lexeme);
    // The lowest of the stack is the document itself.
    if (parser.stack.length > DEEPEST + 1) {
      yield { type: "error", offset: parser.offset - lexeme.length, message: TOO_DEEP, source: "" };
      return;
    }
  }
  yield* parser.end();
}
