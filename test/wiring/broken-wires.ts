import type { Sourced } from "../../lab/manifests/object.ts";
import type { Rehearsed } from "../../lab/rehearsal/rehearse.ts";
import { knownOf } from "../../lab/stack/known.ts";
import { prototypeOf, sourcedObjects } from "../../lab/stack/topology.ts";
import type { Known } from "../../lab/topology/known.ts";
import { buildTopology } from "../../lab/topology/topology.ts";
import { check } from "../../lab/wiring/check.ts";
import type { Finding } from "../../lab/wiring/finding.ts";
import { CASES } from "./cases.ts";
import { objects, validSet } from "./example.ts";
import { knownSet } from "./known.ts";
import { mutations } from "./mutations.ts";

/** One broken wire, to be shown to the check and to real controllers alike. */
export interface BrokenWire {
  /** the stack that it was made of, or "example": the set of objects of the rules' own tests */
  readonly set: string;
  /** unique in its set: "HTTPRoute apple/apple: parent renamed" */
  readonly name: string;
  /** the objects before and after */
  readonly valid: readonly Sourced[];
  readonly broken: readonly Sourced[];
  readonly known: Known;
  /** what the check says of `broken` */
  readonly findings: readonly Finding[];
}

/** Istio stacks whose single breaks stand for all: the first has every kind of listener, the second adds issuers of Vault. */
export const BROKEN_STACKS = ["learn-03-07", "learn-05"] as const;
export const EXAMPLE = "example";

/** Namespaces whose objects stand for others of their kind: small, in front of a client, with one wire of each sort. */
const SPOKESMEN = ["apple", "mango", "nginx"];

/** Rules that other programs than the API server and istiod would have to see: ingress-nginx, and versions of CRDs. */
const ELSEWHERE = /^(I\d+|W32)\b/;

/**
 * Every kind of break that the wiring's mutation test makes, once for each set of rules that finds it; then, for rules
 * which no stack can break so, the cases of the rules' own tests.
 */
export async function brokenWires(rehearsed: (stack: string) => Promise<Rehearsed>): Promise<BrokenWire[]> {
  const seen = new Set<string>();
  const wires: BrokenWire[] = [];
  for (const stack of BROKEN_STACKS)
    for (const wire of await ofStack(await rehearsed(stack))) {
      const key = `${kindOf(wire.name)} ${rulesOf(wire).join()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      wires.push(wire);
    }
  // a rule that is only ever broken together with others is not seen by itself
  const covered = new Set(wires.map(rulesOf).flatMap((rules) => (rules.length === 1 ? rules : [])));
  const cases = await ofCases();
  return [...wires, ...cases.filter(({ name }) => !covered.has(name.split(/[ :]/)[0] ?? ""))];
}

/** Rules that find it, each once. */
export function rulesOf({ findings }: Pick<BrokenWire, "findings">): string[] {
  return [...new Set(findings.map(({ rule }) => rule))];
}

async function ofStack(rehearsed: Rehearsed): Promise<BrokenWire[]> {
  const valid = sourcedObjects(rehearsed);
  const known = knownOf(prototypeOf(rehearsed));
  const wires = mutations(valid, known).map(async ({ name, objects: broken }): Promise<BrokenWire> => {
    const findings = await check(buildTopology(broken, known));
    return { set: rehearsed.stack, name, valid, broken, known, findings };
  });
  const rank = ({ name }: BrokenWire) => {
    const index = SPOKESMEN.indexOf(/^\w+ ([^/]+)\//.exec(name)?.[1] ?? "");
    return index < 0 ? SPOKESMEN.length : index;
  };
  return (await Promise.all(wires)).sort((a, b) => rank(a) - rank(b));
}

/** Cases of mistakes in objects; those in what else is known, such as Vault's own roles, no API server is told of. */
async function ofCases(): Promise<BrokenWire[]> {
  const told = CASES.filter(({ rule, knownBroken }) => knownBroken === undefined && !ELSEWHERE.test(rule));
  const wires = told.map(async ({ rule, title, more, known = knownSet(), break: breakIt }) => {
    const valid = [...validSet(), ...(more === undefined ? [] : objects(more))];
    const broken = structuredClone(valid);
    breakIt(broken);
    const findings = await check(buildTopology(broken, known));
    return { set: EXAMPLE, name: `${rule}: ${title}`, valid, broken, known, findings };
  });
  const all = await Promise.all(wires);
  return all.filter(({ valid }) => !valid.some(({ object }) => object.kind === "CustomResourceDefinition"));
}

/** The break without the object's name: "HTTPRoute parent renamed", "Gateway listener https TLS forgotten". */
function kindOf(name: string): string {
  return name.replace(/^(\w+) \S+?: /, "$1 ").replace(": ", " ");
}
