import type { Rehearsed } from "../../lab/rehearsal/rehearse.ts";
import { type BrokenWire, brokenWires, EXAMPLE, rulesOf } from "../../test/wiring/broken-wires.ts";
import { readVerdicts, type Teller, tellerOf, type Verdict } from "./controller-verdicts.ts";
import { table } from "./markdown.ts";
import { ruleBook } from "./rule-book.ts";

/** A broken wire and what came of it; one that was added without the real parts at hand is still to be shown to them. */
interface Judged {
  readonly wire: BrokenWire;
  readonly verdict: Verdict | undefined;
}

type Rehearse = (stack: string) => Promise<Rehearsed>;

const TELLERS: readonly Teller[] = ["API server", "istiod", "client", "nobody"];

/** For each rule how many of its breaks are told by whom. */
export async function tellersTable(rehearsed: Rehearse): Promise<string> {
  const judged = await allJudged(rehearsed);
  const counts = ruleBook.map(({ rule, demands }) => {
    const own = judged.filter(({ wire }) => leading(wire) === rule);
    return { rule, demands, own, by: TELLERS.map((teller) => own.filter(isBy(teller)).length) };
  });
  const shown = counts.filter(({ own }) => own.length > 0);
  const rows = shown.map(({ rule, demands, own, by }) => [
    link(rule),
    demands,
    String(own.length),
    ...by.map((count) => (count === 0 ? "" : String(count))),
  ]);
  const silent = shown.filter(({ by: [server, istiod] }) => server === 0 && istiod === 0).map(({ rule }) => link(rule));
  const none = counts.filter(({ own }) => own.length === 0).map(({ rule }) => link(rule));
  const total = TELLERS.map((teller) => judged.filter(isBy(teller)).length);
  return [
    table(
      [
        "rule",
        "demands that",
        "breaks",
        "the API server refuses",
        "istiod tells",
        "only a client notices",
        "nobody tells",
      ],
      rows,
    ),
    `Of ${judged.length} broken wires the API server refuses ${total[0]}, istiod tells of ${total[1]}, ${total[2]} are noticed by nobody but a client, and ${total[3]} by nobody.`,
    `Rules of which neither the API server nor istiod tells: ${silent.join(", ")}.`,
    `Not shown to them: ${none.join(", ")}.`,
  ].join("\n\n");
}

/** Every broken wire: what the check says, what the controllers say, what a client sees. */
export async function verdictsTable(rehearsed: Rehearse): Promise<string> {
  const judged = await allJudged(rehearsed);
  return ruleBook
    .flatMap(({ rule, demands }) => {
      const own = judged.filter(({ wire }) => leading(wire) === rule);
      if (own.length === 0) return [];
      const rows = own.map(({ wire, verdict }) => [
        titleOf(wire),
        checkSays(wire),
        verdict === undefined ? "not asked yet" : controllerSays(verdict),
        verdict === undefined ? "" : clientSees(verdict),
      ]);
      const heading = `### ${rule}: ${demands}`;
      return [heading, table(["broken wire", "the check", "API server or istiod", "a client"], rows)];
    })
    .join("\n\n");
}

async function allJudged(rehearsed: Rehearse): Promise<Judged[]> {
  const verdicts = readVerdicts();
  return (await brokenWires(rehearsed)).map((wire) => {
    const verdict = verdicts.find((one) => one.set === wire.set && one.wire === wire.name);
    return { wire, verdict };
  });
}

/** The rule under which a wire is listed: of a case its own, else the first that finds it. */
function leading(wire: BrokenWire): string {
  const own = wire.set === EXAMPLE ? wire.name.split(/[ :]/)[0] : undefined;
  return own ?? rulesOf(wire)[0] ?? "";
}

const isBy =
  (teller: Teller) =>
  ({ verdict }: Judged): boolean =>
    verdict !== undefined && tellerOf(verdict) === teller;

/** Of a case its title, of a stack's wire which object was broken how. */
function titleOf({ set, name }: BrokenWire): string {
  return set === EXAMPLE ? name.slice(name.indexOf(": ") + 2) : `${name} (${set})`;
}

function checkSays({ findings }: BrokenWire): string {
  const first = rulesOf({ findings }).map((rule) => findings.find((one) => one.rule === rule));
  return first
    .flatMap((one) => (one === undefined ? [] : [`${one.severity} ${one.rule}: ${escaped(one.message)}`]))
    .join("<br>");
}

function controllerSays({ refused, statuses }: Verdict): string {
  if (refused !== undefined) return `refused: ${escaped(refused)}`;
  return statuses.length === 0 ? "nothing" : statuses.map(escaped).join("<br>");
}

function clientSees({ set, refused, answers }: Verdict): string {
  if (refused !== undefined) return "";
  if (set === EXAMPLE) return "not asked";
  return answers.length === 0 ? "no difference" : answers.map(escaped).join("<br>");
}

/** Text of a cell in which nothing is taken for HTML or emphasis. */
function escaped(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll(/([*_`[\]])/g, "\\$1");
}

function link(rule: string): string {
  return `[${rule}](wiring-rules.md#${rule.toLowerCase()})`;
}
