import { gatewaysOf } from "../derive/gateways.ts";
import { eachReadable, unlessUnreadable } from "../gaps.ts";
import { didYouMean } from "../nearest.ts";
import type { Path, Problem } from "../problem.ts";
import type { AnswerConfig, Prototype } from "../schema.ts";

/** Every request that is promised an answer must have a way to go. */
export function answerProblems(prototype: Prototype): Problem[] {
  const gateways = gatewaysOf(prototype).map(({ name }) => name);
  const hasIngress = prototype.platform.ingressNginx !== undefined;
  const check = (answer: AnswerConfig, path: Path, needsVia: boolean): Problem[] => {
    if (answer.via !== undefined && !gateways.includes(answer.via)) {
      return [
        {
          path: [...path, "via"],
          message: `expected a Gateway of the stack (${gateways.join(", ") || "there is none"}), got "${answer.via}"${didYouMean(answer.via, gateways)}`,
        },
      ];
    }
    if (answer.get !== undefined && needsVia && answer.via === undefined && !hasIngress) {
      return [
        {
          path: [...path, "via"],
          message: `missing; say which Gateway is asked (${gateways.join(", ") || "there is none"})`,
        },
      ];
    }
    return [];
  };
  const checkEach = (answers: readonly AnswerConfig[], path: Path, needsVia: boolean) =>
    unlessUnreadable(...answers.map((answer, index) => () => check(answer, [...path, "answers", index], needsVia)));
  return unlessUnreadable(
    () => checkEach(prototype.answers, [], true),
    () => eachReadable(prototype.apps, (name, app) => checkEach(app.answers, ["apps", name], false)),
  );
}
