import type { Exercise } from "../exercise.ts";
import { ingress } from "./ingress.ts";
import { listeners } from "./listeners.ts";
import { routes } from "./routes.ts";
import { trust } from "./trust.ts";

/** Every exercise, along the line of the prototypes. */
export const exercises: readonly Exercise[] = [...ingress, ...routes, ...listeners, ...trust].sort((a, b) =>
  a.prototype === b.prototype ? 0 : a.prototype < b.prototype ? -1 : 1,
);
