import assert from "node:assert/strict";
import { differences } from "../../lab/probe/expectation.ts";
import type { Answer, Expectation } from "../../lab/probe/model.ts";

const ANSWER: Answer = {
  status: 200,
  headers: { location: "https://a.com/x", "x-a": "1" },
  body: "juicy mango\n",
  backend: "mango/mango-svc",
  path: "/mango?x=1",
};
const REFUSED: Answer = { status: 0, headers: {}, body: "", backend: null, path: null, error: "connection refused" };

describe("what is expected of an answer", () => {
  const met: [Expectation, Answer][] = [
    [{}, ANSWER],
    [{ status: 200, body: "juicy mango", backend: "mango/mango-svc", redirectTo: "https://a.com/x" }, ANSWER],
    [{ contains: "mango" }, ANSWER],
    [{ path: "/mango" }, ANSWER],
    [{ path: "/mango?x=1" }, ANSWER],
    [{ headers: { "X-A": "1", "x-b": null } }, ANSWER],
    [{ refused: true, status: 0, backend: null, path: null }, REFUSED],
  ];
  for (const [expect, answer] of met) {
    it(`${JSON.stringify(expect)} is met by status ${answer.status}`, () => {
      assert.deepEqual(differences(expect, answer), []);
    });
  }
  const unmet: [Expectation, Answer, string, string, string][] = [
    [{ status: 404 }, ANSWER, "status", "404", "200"],
    [{ status: 200 }, REFUSED, "status", "200", '"0: connection refused"'],
    [{ body: "juicy" }, ANSWER, "body", '"juicy"', '"juicy mango\\n"'],
    [{ contains: "apple" }, ANSWER, "body contains", '"apple"', '"juicy mango\\n"'],
    [{ backend: null }, ANSWER, "backend", "none", '"mango/mango-svc"'],
    [{ redirectTo: "http://a.com" }, ANSWER, "redirectTo", '"http://a.com"', '"https://a.com/x"'],
    [{ path: "/mango?x=2" }, ANSWER, "path", '"/mango?x=2"', '"/mango?x=1"'],
    [{ path: "/man" }, ANSWER, "path", '"/man"', '"/mango?x=1"'],
    [{ headers: { "x-a": null } }, ANSWER, "header x-a", "none", '"1"'],
    [{ refused: true }, ANSWER, "refused", "true", '"status 200"'],
    [{ refused: false }, REFUSED, "refused", "false", "true"],
  ];
  for (const [expect, answer, field, expected, got] of unmet) {
    it(`${JSON.stringify(expect)} is not met by status ${answer.status}`, () => {
      assert.deepEqual(differences(expect, answer), [{ field, expected, got }]);
    });
  }
});
