import assert from "node:assert/strict";
import { compare } from "../../lab/compare/compare.ts";
import { factsBehindDoors, factsOf } from "../../lab/compare/facts.ts";
import { comparisonJson } from "../../lab/compare/json.ts";
import { comparisonText } from "../../lab/compare/text.ts";
import { doors } from "./doors.ts";

const moveOf = (app: string, topic: string) => {
  const { apps } = compare(doors("learn-01"), doors("learn-05"));
  const move = apps.find((one) => one.app === app)?.moves.find((one) => one.topic === topic);
  assert.ok(move, `${app} has no ${topic}`);
  return { kind: move.kind, from: move.from.map(({ where }) => where), to: move.to.map(({ where }) => where) };
};

describe("comparing two prototypes", () => {
  it("finds that TLS still ends at the door, but that a listener says it now", () => {
    assert.deepEqual(moveOf("mango", "where TLS ends"), {
      kind: "moved",
      from: ["Ingress mango/mango spec.tls"],
      to: ["Gateway mango/mango-gateway spec.listeners[https].tls.mode"],
    });
  });

  it("finds the Secret's name turned into a reference", () => {
    const { from, to } = moveOf("mango", "certificate");
    assert.deepEqual(from, ["Ingress mango/mango spec.tls[].secretName"]);
    assert.deepEqual(to, ["Gateway mango/mango-gateway spec.listeners[https].tls.certificateRefs"]);
  });

  it("finds the path said by a route", () => {
    assert.equal(moveOf("mango", "path").kind, "moved");
  });

  it("tells passthrough by annotation from passthrough by listener", () => {
    const ends = (stack: string, app: string) =>
      factsOf(doors(stack)).filter((fact) => fact.app === app && fact.topic === "where TLS ends");
    assert.deepEqual(
      ends("learn-01", "pear").map(({ value, where }) => [value, where]),
      [["in the pod", "Ingress pear/pear metadata.annotations[nginx.ingress.kubernetes.io/ssl-passthrough]"]],
    );
    assert.deepEqual(
      ends("learn-05", "nginx").map(({ value, where }) => [value, where]),
      [["in the pod", "Gateway nginx/nginx-gateway spec.listeners[tls].tls.mode"]],
    );
  });

  it("names applications and objects that only one side has", () => {
    const { onlyLeft, onlyRight, objectsOnlyRight } = compare(doors("learn-01"), doors("learn-05"));
    assert.ok(onlyLeft.includes("banana-host"));
    assert.deepEqual(onlyRight, ["nginx"]);
    assert.ok(objectsOnlyRight.includes("TLSRoute nginx/nginx"));
  });

  it("finds nothing to say between a stack and itself", () => {
    const { apps, onlyLeft, onlyRight, objectsOnlyLeft, objectsOnlyRight } = compare(
      doors("learn-05"),
      doors("learn-05"),
    );
    assert.deepEqual([onlyLeft, onlyRight, objectsOnlyLeft, objectsOnlyRight], [[], [], [], []]);
    assert.ok(apps.every(({ moves }) => moves.every(({ kind }) => kind === "same")));
  });

  it("gives programs the fields in words, and not their paths", () => {
    const json = JSON.stringify(comparisonJson(compare(doors("learn-01"), doors("learn-05"))));
    const [app] = JSON.parse(json).apps;
    const [fact] = app.moves[0].from;
    assert.deepEqual(fact, {
      app: "mango",
      topic: "controller",
      value: "nginx",
      where: "Ingress mango/mango spec.ingressClassName",
    });
  });

  it("leaves pods that no door leads to out of what is told of applications", () => {
    const apps = (facts: readonly { app: string }[]) => new Set(facts.map(({ app }) => app));
    assert.ok(apps(factsOf(doors("learn-03"))).has("reviews"));
    assert.ok(!apps(factsBehindDoors(doors("learn-03"))).has("reviews"));
    assert.ok(apps(factsBehindDoors(doors("learn-03"))).has("productpage"));
  });

  it("prints every topic of an application in both stacks", () => {
    const text = comparisonText("learn-01", "learn-05", compare(doors("learn-01"), doors("learn-05")), 160);
    assert.match(text, /≠.*controller.*nginx.*istio/);
    assert.match(text, /Applications only in .*learn-05.*:\n {2}nginx/);
  });
});
