import type { PictureInput } from "../pictures/model.ts";

/** The page with the pictures of a rehearsal; undefined while there is nothing to draw them. */
export async function drawPage(_input: PictureInput): Promise<string | undefined> {
  return undefined;
}
