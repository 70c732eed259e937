import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chainPicture } from "./chain-picture.ts";
import { drawMermaid } from "./mermaid.ts";
import type { PictureInput } from "./model.ts";
import { pageScript } from "./page/bundle.ts";
import { writePage } from "./page/page.ts";
import { requestPicture } from "./request-picture.ts";
import { drawSvg } from "./svg.ts";

const NAMES: PictureNames = { requests: "requests", certificates: "certificates" };

/**
 * Writes the page and the pictures of a stack into a directory, which is made when it is missing.
 * @returns the files' paths; the page is the first
 */
export async function writePictures(input: PictureInput & { readonly outDir: string }): Promise<string[]> {
  const { outDir } = input;
  const page = await writePageFile(outDir, writePage(input, await pageScript()));
  const pictures = Object.entries(pictureTexts(input, NAMES));
  await Promise.all(pictures.map(([name, text]) => writeFile(join(outDir, name), text)));
  return [page, ...pictures.map(([name]) => join(outDir, name))];
}

/** Writes a page into a directory of its own, which is made when it is missing. @returns the file's path */
export async function writePageFile(directory: string, page: string): Promise<string> {
  const file = join(directory, "index.html");
  await mkdir(directory, { recursive: true });
  await writeFile(file, page);
  return file;
}

/** Names of the pictures' files, without their endings. */
export interface PictureNames {
  readonly requests: string;
  readonly certificates: string;
}

/** The pictures as text by file name; those of which there is something to see. */
export function pictureTexts(input: PictureInput, names: PictureNames): Record<string, string> {
  const requests = requestPicture(input);
  const chain = chainPicture(input);
  const hasRequests = requests.boxes.some(({ type }) => type !== "client");
  return {
    ...(hasRequests
      ? { [`${names.requests}.svg`]: drawSvg(requests), [`${names.requests}.mmd`]: drawMermaid(requests) }
      : {}),
    ...(chain === undefined ? {} : { [`${names.certificates}.svg`]: drawSvg(chain) }),
  };
}
