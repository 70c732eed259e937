import { formatRef } from "../manifests/object.ts";
import type { Strip, StripCell, StripEntry, StripRow } from "../pictures/strip.ts";
import type { Topology } from "../topology/model.ts";
import { type Move, movesOf } from "./compare.ts";
import { type Fact, factsOf, type Topic, topics } from "./facts.ts";
import { MARKS } from "./marks.ts";

/** A stack on the way. */
export interface Stop {
  readonly stack: string;
  readonly topology: Topology;
}

/** Stacks in which the same is so of the application, by the same fields. */
interface Column {
  readonly stacks: readonly string[];
  readonly facts: readonly Fact[];
}

/**
 * One application on its way through several stacks: what is so of it, which field says it, and what moved. Stacks
 * without the application are left out; one in which nothing is other than before shares the column before it.
 * @returns undefined where there is no way: fewer than two columns
 */
export function evolutionStrip(app: string, stops: readonly Stop[]): Strip | undefined {
  const columns = columnsOf(app, stops);
  if (columns.length < 2) return undefined;
  const rows = topics.map((topic) => rowOf(topic, columns)).filter(({ cells }) => cells.some(hasEntries));
  const seen = new Set(rows.flatMap(({ cells }) => cells.map(({ change }) => change?.type)));
  const names = columns.map(({ stacks }) => stacks.join(" and "));
  return {
    title: `${app} from ${columns[0]?.stacks[0]} to ${columns.at(-1)?.stacks.at(-1)}`,
    description: `What is so of ${app} in ${names.join(", then in ")}, and which field of which object says it.`,
    columns: columns.map(({ stacks: [title = "", ...others] }) => {
      return { title, note: others.length === 0 ? undefined : `the same in ${others.join(", ")}` };
    }),
    rows,
    legend: (["moved", "changed", "added", "removed"] as const)
      .filter((type) => seen.has(type))
      .map((type) => ({ change: { type, word: MARKS[type].word }, meaning: MARKS[type].meaning })),
  };
}

function columnsOf(app: string, stops: readonly Stop[]): Column[] {
  const columns: Column[] = [];
  for (const { stack, topology } of stops) {
    const facts = factsOf(topology).filter((fact) => fact.app === app);
    if (facts.length === 0) continue;
    const before = columns.at(-1);
    if (before !== undefined && movesOf(before.facts, facts).every(({ kind }) => kind === "same")) {
      columns[columns.length - 1] = { ...before, stacks: [...before.stacks, stack] };
    } else columns.push({ stacks: [stack], facts });
  }
  return columns;
}

function rowOf(topic: Topic, columns: readonly Column[]): StripRow {
  const cells: StripCell[] = [];
  for (const [column, { stacks, facts }] of columns.entries()) {
    const own = facts.filter((fact) => fact.topic === topic);
    const kind = column === 0 ? undefined : kindOf(topic, columns[column - 1]?.facts ?? [], own);
    const before = cells.at(-1);
    if (before !== undefined && kind === "same") {
      cells[cells.length - 1] = { ...before, span: before.span + 1 };
      continue;
    }
    const change = kind === undefined || kind === "same" ? undefined : { type: kind, word: MARKS[kind].word };
    const told = own.map(({ value, where }) => `${value} (${where})`).join("; ");
    cells.push({
      column,
      span: 1,
      entries: entriesOf(own),
      change,
      tooltip: `${topic} in ${stacks.join(", ")}: ${told || "nothing"}`,
    });
  }
  return { title: topic, cells };
}

/** Nothing before and nothing now is the same, too. */
function kindOf(topic: Topic, before: readonly Fact[], own: readonly Fact[]): Move["kind"] {
  const [move] = movesOf(
    before.filter((fact) => fact.topic === topic),
    own,
  );
  return move?.kind ?? "same";
}

/** Facts of the same value are one entry; fields of the same object stand below its name. */
function entriesOf(facts: readonly Fact[]): StripEntry[] {
  const entries = new Map<string, Map<string | undefined, string[]>>();
  for (const { value, where, fields } of facts) {
    const name = fields[0] === undefined ? undefined : formatRef(fields[0].ref);
    const object = name !== undefined && where.startsWith(`${name} `) ? name : undefined;
    const places = entries.get(value) ?? new Map<string | undefined, string[]>();
    const field = object === undefined ? where : where.slice(object.length + 1);
    entries.set(value, places.set(object, [...(places.get(object) ?? []), field]));
  }
  return [...entries].map(([value, places]) => ({
    value,
    places: [...places].map(([object, fields]) => ({ object, fields })),
  }));
}

function hasEntries({ entries }: StripCell): boolean {
  return entries.length > 0;
}
