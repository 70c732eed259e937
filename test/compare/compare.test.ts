import assert from "node:assert/strict";
import { compare } from "../../lab/compare/compare.ts";
import { factsBehindDoors, factsOf } from "../../lab/compare/facts.ts";
import { comparisonJson } from "../../lab/compare/json.ts";
import { factsOfStack } from "../../lab/compare/stack-facts.ts";
import { comparisonText } from "../../lab/compare/text.ts";
import { loadPrototype } from "../support/stack-files.ts";
import { declared, doors } from "./doors.ts";

const moveOf = (app: string, topic: string) => {
  const { apps } = compare(declared("learn-01"), declared("learn-05"));
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
    const { onlyLeft, onlyRight, objectsOnlyRight } = compare(declared("learn-01"), declared("learn-05"));
    assert.ok(onlyLeft.includes("banana-host"));
    assert.deepEqual(onlyRight, ["nginx"]);
    assert.ok(objectsOnlyRight.includes("TLSRoute nginx/nginx"));
  });

  it("finds nothing to say between a stack and itself", () => {
    const { apps, onlyLeft, onlyRight, objectsOnlyLeft, objectsOnlyRight } = compare(
      declared("learn-05"),
      declared("learn-05"),
    );
    assert.deepEqual([onlyLeft, onlyRight, objectsOnlyLeft, objectsOnlyRight], [[], [], [], []]);
    assert.ok(apps.every(({ moves }) => moves.every(({ kind }) => kind === "same")));
  });

  it("gives programs the fields in words, and not their paths", () => {
    const json = JSON.stringify(comparisonJson(compare(declared("learn-01"), declared("learn-05"))));
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

  it("calls applications as the stack file does, with their inner pods as parts of them", () => {
    const { apps, onlyLeft, onlyRight } = compare(declared("learn-03-01"), declared("learn-04"));
    assert.deepEqual([apps.map(({ app }) => app), onlyLeft, onlyRight], [["apple"], ["bookinfo"], ["cafe"]]);
    const [own] = compare(declared("learn-03-01"), declared("learn-03-01")).apps.filter(
      ({ app }) => app === "bookinfo",
    );
    const mesh = own?.moves.find(({ topic }) => topic === "behind the door");
    assert.equal(mesh?.from.length, 1, "what is so of six Deployments is told once");
  });

  describe("of two applications whose pods have the same labels, in two namespaces", () => {
    const one = loadPrototype("learn-03-02");
    const { bookinfo } = one.apps;
    assert.ok(bookinfo);
    const apps = { ...one.apps, second: { ...bookinfo, namespace: "second", mesh: "none" as const } };
    const topology = doors("two", { ...one, apps });
    const { apps: told } = compare({ topology, apps }, { topology, apps });

    it("tells each for itself", () => {
      const said = (wanted: string) =>
        told.map(({ app, moves }) => [
          app,
          moves.find(({ topic }) => topic === wanted)?.from.map(({ value }) => value),
        ]);
      assert.deepEqual(said("address"), [
        ["apple", ["one for Gateway apple/apple-gateway"]],
        ["bookinfo", ["one for Gateway book/bookinfo-gateway"]],
        ["second", ["one for Gateway second/second-gateway"]],
      ]);
      const meshed = "mTLS between gateway and pod (ambient mesh)";
      assert.deepEqual(said("behind the door"), [
        ["apple", [meshed]],
        ["bookinfo", [meshed]],
        ["second", ["clear text, but for passthrough"]],
      ]);
    });

    it("says of the others that only one stack has them", () => {
      const { apps: both, onlyLeft } = compare({ topology, apps }, declared("learn-03-02"));
      assert.deepEqual([both.map(({ app }) => app), onlyLeft], [["apple", "bookinfo"], ["second"]]);
    });

    it("calls them by their namespaces where no stack file has a name for them", () => {
      const names = new Set(factsBehindDoors(topology).map(({ app }) => app));
      assert.deepEqual([...names], ["apple", "book/productpage", "second/productpage"]);
    });
  });

  it("leaves out pods of the platform, but not an application that no door leads to", () => {
    const { apps, topology } = declared("learn-05");
    const [pod] = topology.workloads;
    assert.ok(pod);
    const unsealer = { ...topology, workloads: [...topology.workloads, { ...pod, labels: { app: "vault-unsealer" } }] };
    assert.ok(factsOf(unsealer).some(({ app }) => app === "vault-unsealer"));
    const names = (facts: readonly { app: string }[]) => [...new Set(facts.map(({ app }) => app))];
    assert.deepEqual(names(factsOfStack({ apps, topology: unsealer })), ["mango", "nginx"]);
    const inner = { apps, topology: { ...topology, routes: [] } };
    assert.deepEqual(names(factsOfStack(inner)), ["mango", "nginx"]);
  });

  it("says so where no application is in both, instead of explaining marks that are not there", () => {
    const text = comparisonText("learn-02", "learn-05", compare(declared("learn-02"), declared("learn-05")), 160);
    assert.match(text, /^No application is in both stacks\.\n/);
    assert.doesNotMatch(text, /same, said in another field/);
  });

  it("prints every topic of an application in both stacks", () => {
    const text = comparisonText("learn-01", "learn-05", compare(declared("learn-01"), declared("learn-05")), 160);
    assert.match(text, /≠.*controller.*nginx.*istio/);
    assert.match(text, /Applications only in .*learn-05.*:\n {2}nginx/);
  });
});
