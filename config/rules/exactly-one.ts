import { eachReadable, unlessUnreadable } from "../gaps.ts";
import type { Path, Problem } from "../problem.ts";
import type { AnswerConfig, AppConfig, Prototype } from "../schema.ts";

/** A place where exactly one of several keys must be there, and is not. */
export interface Choice extends Problem {
  readonly keys: readonly string[];
}

/** Places where exactly one of several keys must be there, and is not. */
export function choiceProblems(prototype: Prototype): Choice[] {
  return unlessUnreadable<Choice>(
    () => exactlyOne(["cluster"], prototype.cluster, ["minikube", "context"]),
    () =>
      eachReadable(prototype.issuers, (name, issuer) =>
        exactlyOne(["issuers", name], issuer, ["selfSigned", "vault", "local"]),
      ),
    () => eachReadable(prototype.apps, ofApp),
    () => ofAnswers([], prototype.answers),
  );
}

function ofApp(name: string, app: AppConfig): Choice[] {
  const path = ["apps", name];
  return unlessUnreadable<Choice>(
    () => exactlyOne(path, app, ["echo", "nginx", "bookinfo", "cafe", "image"]),
    () => (app.gateway ? exactlyOne([...path, "gateway"], app.gateway, ["listeners", "parent"]) : []),
    () => app.mounts.flatMap((mount, index) => exactlyOne([...path, "mounts", index], mount, ["claim", "secret"])),
    () => ofAnswers(path, app.answers),
  );
}

function ofAnswers(path: Path, answers: readonly AnswerConfig[]): Choice[] {
  const keys = ["get", "certificate", "secret", "etcd", "vault"];
  return unlessUnreadable(
    ...answers.map((answer, index) => () => exactlyOne([...path, "answers", index], answer, keys)),
  );
}

function exactlyOne(path: Path, value: object, keys: readonly string[]): Choice[] {
  const found = keys.filter((key) => Reflect.get(value, key) !== undefined);
  if (found.length === 1) return [];
  const got = found.length === 0 ? "none of them" : `both ${found.join(" and ")}`;
  return [{ path, keys, message: `expected exactly one of ${keys.join(", ")}, got ${got}` }];
}
