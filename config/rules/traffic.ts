import { gatewaysOf } from "../derive/gateways.ts";
import { eachReadable, unlessUnreadable } from "../gaps.ts";
import type { Problem } from "../problem.ts";
import type { Prototype } from "../schema.ts";
import { answerProblems } from "./answers.ts";
import { gatewayProblems } from "./gateways.ts";
import { ingressProblems } from "./ingresses.ts";
import { routeProblems } from "./routes.ts";
import { sameHostAndPath } from "./same-host-and-path.ts";

/** Rules of listeners, routes and Ingress rules. */
export function trafficProblems(prototype: Prototype): Problem[] {
  return unlessUnreadable(
    () => unlessUnreadable(...gatewaysOf(prototype).map((gateway) => () => gatewayProblems(prototype, gateway))),
    () =>
      eachReadable(prototype.apps, (name, app) =>
        unlessUnreadable(
          () => ingressProblems(prototype, name, app),
          () => routeProblems(prototype, name, app),
        ),
      ),
    () => sameHostAndPath(prototype),
    () => answerProblems(prototype),
  );
}
