import type { Disease } from "./disease.ts";
import { addressDiseases } from "./diseases/addresses.ts";
import { backendDiseases } from "./diseases/backends.ts";
import { listenerDiseases } from "./diseases/listeners.ts";
import { podDiseases } from "./diseases/pods.ts";
import { routeDiseases } from "./diseases/routes.ts";

/** Diseases of learn-03-07 that come and go while the cluster runs, from the outside in. */
export const diseases: readonly Disease[] = [
  ...listenerDiseases,
  ...routeDiseases,
  ...backendDiseases,
  ...podDiseases,
  ...addressDiseases,
];
