import { createRequire } from "node:module";
import type zod from "zod";

export type { output } from "zod";

/**
 * zod, from its CommonJS build. As ES modules it is a hundred files (every locale among them), and each of them crosses
 * to tsx's loader thread and back: a tenth of a second of CPU more for every plan and every step.
 */
export const z: typeof zod = createRequire(import.meta.url)("zod").z;
