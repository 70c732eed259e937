import assert from "node:assert/strict";
import fc from "fast-check";
import { isFields } from "../../lab/manifests/fields.ts";
import type { Sourced } from "../../lab/manifests/object.ts";
import { UNKNOWN } from "../../lab/manifests/unknown.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import { check } from "../../lab/wiring/check.ts";
import { checkSchemas } from "../../lab/wiring/schema/schema.ts";
import { checkWiring } from "../../lab/wiring/wiring.ts";
import { CASES } from "./cases.ts";
import { objects, validSet } from "./example.ts";
import { knownSet } from "./known.ts";

type Path = readonly (string | number)[];

/** Every place in a value, the value itself included. */
function places(value: unknown, path: Path = []): Path[] {
  const inner = Array.isArray(value)
    ? value.flatMap((entry, i) => places(entry, [...path, i]))
    : isFields(value)
      ? Object.entries(value).flatMap(([key, entry]) => places(entry, [...path, key]))
      : [];
  return [path, ...inner];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (inner as Record<string, unknown>)[step], value);
}

function put(value: unknown, path: Path, replacement: unknown): void {
  const last = path.at(-1);
  const parent = at(value, path.slice(0, -1));
  if (last !== undefined && typeof parent === "object" && parent !== null)
    Object.assign(parent, { [last]: replacement });
}

/** Everything that the cases add to the valid set, in one. */
function largeSet(): Sourced[] {
  const more = [...new Set(CASES.flatMap(({ more }) => (more === undefined ? [] : [more])))];
  return [...validSet(), ...more.flatMap(objects)];
}

/** Places outside an object's identity, which is always known. */
const changeable = (path: Path) => path.length > 0 && !["apiVersion", "kind", "metadata"].includes(String(path[0]));

describe("the wiring check", () => {
  it("finds nothing wrong with what is not known yet, wherever it stands", () => {
    const wrong: string[] = [];
    for (const [i, { object }] of validSet().entries()) {
      for (const path of places(object).filter(changeable)) {
        if (typeof at(object, path) === "object") continue;
        const set = validSet();
        put(set[i]?.object, path, UNKNOWN);
        for (const { rule, message } of checkWiring(buildTopology(set, knownSet({ complete: true })))) {
          wrong.push(`${object.kind} ${object.metadata.name} ${path.join(".")}: ${rule} ${message}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });

  it("finds nothing wrong with objects whose names and namespaces are not known yet", () => {
    const wrong: string[] = [];
    for (const [i, { object }] of validSet().entries()) {
      for (const field of ["name", "namespace"]) {
        const set = validSet();
        put(set[i]?.object, ["metadata", field], UNKNOWN);
        for (const { rule, message } of checkWiring(buildTopology(set, knownSet({ complete: true })))) {
          wrong.push(`${object.kind} ${object.metadata.name} ${field}: ${rule} ${message}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });

  it("finds every leaf that is not known yet valid by its schema", async () => {
    const set = validSet();
    for (const { object } of set) {
      for (const path of places(object).filter(changeable)) {
        if (typeof at(object, path) !== "object") put(object, path, UNKNOWN);
      }
    }
    assert.deepEqual(await checkSchemas(set), []);
  });

  it("never fails, whatever stands in an object's fields", async () => {
    const set = largeSet();
    const all = set.flatMap(({ object }, i) =>
      places(object)
        .filter(changeable)
        .map((path) => [i, path] as const),
    );
    const odd = fc.oneof(
      fc.constantFrom<unknown>(null, [], {}, [[]], [{}], [null], "", "x", -1, 1.5, true, [UNKNOWN], "a".repeat(300)),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(all.length - 1), odd), { minLength: 1, maxLength: 8 }),
        async (changes) => {
          const broken = structuredClone(set);
          for (const [n, value] of changes) {
            const [i, path] = all[n] ?? [0, []];
            try {
              put(broken[i]?.object, path, value);
            } catch {
              // An earlier change has taken this place away.
            }
          }
          await check(buildTopology(broken, knownSet()));
        },
      ),
      { numRuns: 25 },
    );
  });

  it("tells the same rules in the same order for any order of the objects, each finding once", async () => {
    for (const one of CASES) {
      const broken = () => {
        const set = [...validSet(), ...(one.more === undefined ? [] : objects(one.more))];
        one.break(set);
        return set;
      };
      const known = one.knownBroken ?? one.known ?? knownSet();
      const findings = checkWiring(buildTopology(broken(), known));
      assert.deepEqual(checkWiring(buildTopology(broken(), known)), findings);
      const reversed = checkWiring(buildTopology(broken().reverse(), known));
      assert.deepEqual(
        reversed.map(({ rule }) => rule),
        findings.map(({ rule }) => rule),
        `${one.rule}: ${one.title}`,
      );
      assert.equal(new Set(findings.map((finding) => JSON.stringify(finding))).size, findings.length);
    }
  });

  it("takes time in proportion to the routes", () => {
    const time = (count: number) => {
      const set = [...validSet(), ...manyRoutes(count)];
      const before = process.cpuUsage();
      assert.deepEqual(checkWiring(buildTopology(set, knownSet())), []);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    time(200);
    const [small, large] = [time(500), time(2000)];
    assert.ok(large < 1000, `2000 routes took ${large} ms of CPU`);
    assert.ok(large < 12 * small + 50, `500 routes took ${small} ms, 2000 took ${large} ms`);
  });
});

function manyRoutes(count: number): Sourced[] {
  return Array.from({ length: count }, (_, i) => ({
    object: {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: `route-${i}`, namespace: "fruit" },
      spec: {
        parentRefs: [{ name: "gate", namespace: "edge", sectionName: "http" }],
        hostnames: [`host-${i % 200}.example.com`],
        rules: [
          { matches: [{ path: { type: "PathPrefix", value: `/${i}` } }], backendRefs: [{ name: "mango", port: 8000 }] },
        ],
      },
    },
  }));
}
