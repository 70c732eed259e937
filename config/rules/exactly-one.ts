import type { Problem } from "../problem.ts";
import type { Prototype } from "../schema.ts";

/** Places where exactly one of several keys must be there. */
export function exactlyOneProblems(prototype: Prototype): Problem[] {
  const problems: Problem[] = [];
  const demand = (path: (string | number)[], value: object, keys: readonly string[]) => {
    const found = keys.filter((key) => Reflect.get(value, key) !== undefined);
    if (found.length === 1) return;
    const got = found.length === 0 ? "none of them" : `both ${found.join(" and ")}`;
    problems.push({ path, message: `expected exactly one of ${keys.join(", ")}, got ${got}` });
  };
  const demandAnswers = (path: (string | number)[], answers: Prototype["answers"]) => {
    for (const [index, answer] of answers.entries()) {
      demand([...path, "answers", index], answer, ["get", "certificate", "secret", "etcd", "vault"]);
    }
  };

  demand(["cluster"], prototype.cluster, ["minikube", "context"]);
  for (const [name, issuer] of Object.entries(prototype.issuers)) {
    demand(["issuers", name], issuer, ["selfSigned", "vault", "local"]);
  }
  for (const [name, app] of Object.entries(prototype.apps)) {
    const path = ["apps", name];
    demand(path, app, ["echo", "nginx", "bookinfo", "cafe", "image"]);
    if (app.gateway) demand([...path, "gateway"], app.gateway, ["listeners", "parent"]);
    for (const [index, mount] of app.mounts.entries()) demand([...path, "mounts", index], mount, ["claim", "secret"]);
    demandAnswers(path, app.answers);
  }
  demandAnswers([], prototype.answers);
  return problems;
}
