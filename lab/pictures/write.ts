import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chainPicture } from "./chain-picture.ts";
import { drawMermaid } from "./mermaid.ts";
import type { PictureInput } from "./model.ts";
import { pageScript } from "./page/bundle.ts";
import { writePage } from "./page/page.ts";
import { requestPicture } from "./request-picture.ts";
import { drawSvg } from "./svg.ts";

/**
 * Writes the page and the pictures of a stack into a directory, which is made when it is missing.
 * @returns the files' paths; the page is the first
 */
export async function writePictures(input: PictureInput & { readonly outDir: string }): Promise<string[]> {
  const { outDir } = input;
  await mkdir(outDir, { recursive: true });
  const texts = [
    ["index.html", writePage(input, await pageScript())],
    ...Object.entries(pictureTexts(input, "")),
  ] as const;
  await Promise.all(texts.map(([name, text]) => writeFile(join(outDir, name), text)));
  return texts.map(([name]) => join(outDir, name));
}

/** The pictures as text by file name: `requests.svg`, `requests.mmd` and `certificates.svg`, after a prefix. */
export function pictureTexts(input: PictureInput, prefix: string): Record<string, string> {
  const requests = requestPicture(input);
  const chain = chainPicture(input);
  const hasRequests = requests.boxes.some(({ type }) => type !== "client");
  return {
    ...(hasRequests
      ? { [`${prefix}requests.svg`]: drawSvg(requests), [`${prefix}requests.mmd`]: drawMermaid(requests) }
      : {}),
    ...(chain === undefined ? {} : { [`${prefix}certificates.svg`]: drawSvg(chain) }),
  };
}
