import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import { describePorts } from "../gateway/console.ts";
import { unplayedAnnotations } from "../gateway/plan/unplayed-annotations.ts";
import pc from "../terminal/colours.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { wrapWords } from "../terminal/wrap-words.ts";
import { textReport } from "../wiring/report.ts";
import { DECIDED_BY, type Outcome } from "./answers/outcome.ts";
import { type ChainLink, chainLinks } from "./certificates.ts";
import { FILES } from "./output-files.ts";
import { pathsText } from "./paths-text.ts";
import { planText } from "./plan/plan-text.ts";
import type { Rehearsal } from "./rehearsal.ts";
import { certificatesInSecrets } from "./secret-certificates.ts";

const PLAIN_TABLE = {
  chars: {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
    left: "  ",
    "left-mid": "",
    mid: "",
    "mid-mid": "",
    right: "",
    "right-mid": "",
    middle: "  ",
  },
  style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
};

/** A borderless table, its columns aligned, no column wider than it needs to be. */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ ...PLAIN_TABLE, head: head.map((cell) => pc.dim(cell)) });
  for (const row of rows) table.push([...row]);
  return table.toString().replaceAll(/[ \t]+$/gm, "");
}

/**
 * Everything a person wants to know of a rehearsal, top to bottom: plan, paths, wiring, certificates, answers.
 * @param width columns of the terminal; without it, nothing is broken into several lines
 */
export function reportText(rehearsal: Rehearsal, directory: string, width = Number.POSITIVE_INFINITY): string {
  const { plan, topology, findings, gateway, outcomes, rehearsed } = rehearsal;
  const paths = pathsText(topology).map((line) => wrapWords(`  ${line}`, width, 6));
  const ports = describePorts(gateway.ports).map((line) => `  ${line}`);
  const unplayed = unplayedAnnotations(topology).map((line) => wrapWords(`  ${line}`, width, 6));
  const warnings = rehearsed.log.filter(({ severity }) => severity === "warning" || severity === "error");
  const sections: [string, string[]][] = [
    ["Plan", [planText(plan, width)]],
    ["Remarks of the program", warnings.map(({ message }) => `  ${message.trim()}`)],
    ["Request paths", paths],
    ["Wiring", [indent(textReport(findings, topology.objects.objects))]],
    ["Certificates", certificatesLines(rehearsal).map((line) => wrapWords(line, width, 6))],
    ["Gateways on this machine", [...ports, ...unplayed]],
    ["Answers", outcomes.length === 0 ? [] : [answersText(outcomes, width)]],
    ["Files", filesLines(directory).map((line) => wrapWords(line, width, 6))],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${pc.bold(pc.underline(title))}\n${lines.join("\n")}`)
    .join("\n\n");
}

/** Expected and got, a line each, and the ways in which they were decided. Where the lines are too wide, two each. */
export function answersText(outcomes: readonly Outcome[], width = Number.POSITIVE_INFINITY): string {
  const rows = outcomes.map(({ ok, asked, expected, got, decidedBy }) => [
    ok ? pc.green("✓") : pc.red("✗"),
    asked,
    shorten(expected),
    ok ? shorten(got) : pc.red(shorten(got, 160)),
    pc.dim(decidedBy),
  ]);
  const used = new Set(outcomes.map(({ decidedBy }) => decidedBy));
  const legend = Object.entries(DECIDED_BY).filter(([key]) => used.has(key as Outcome["decidedBy"]));
  const wrong = outcomes.filter(({ ok }) => !ok).length;
  const sum =
    wrong === 0
      ? pc.green(`${outcomes.length} answers, all as promised`)
      : pc.red(`${wrong} of ${outcomes.length} answers differ from what was promised`);
  const table = tableText(["", "asked", "expected", "got", "decided by"], rows);
  return [
    isWider(table, width) ? rows.map((row) => narrow(row, width)).join("\n") : table,
    "",
    `  ${sum}`,
    ...legend.map(([key, meaning]) => pc.dim(`  ${key}: ${meaning}`)),
  ].join("\n");
}

function isWider(text: string, width: number): boolean {
  return text.split("\n").some((line) => stripVTControlCharacters(line).length > width);
}

function narrow([mark, asked, expected, got, decidedBy]: readonly string[], width: number): string {
  const answer = `     expected ${expected}; got ${got} (${decidedBy})`;
  return `  ${mark}  ${asked}\n${wrapWords(answer, width, 7)}`;
}

/** Certificates that cert-manager is to make, and those that the program makes itself. */
function certificatesLines({ certificates, topology }: Rehearsal): string[] {
  const declared = certificates.flatMap(({ secret, issuing }) =>
    "refused" in issuing
      ? [`  ${pc.red("✗")} ${pc.bold(secret)}  ${pc.red(issuing.refused)}`]
      : [...chainLines(secret, chainLinks(issuing)), ...issuing.warnings.map((w) => pc.yellow(`      ${w}`))],
  );
  return [...declared, ...certificatesInSecrets(topology).flatMap(({ secret, chain }) => chainLines(secret, chain))];
}

function chainLines(secret: string, links: readonly ChainLink[]): string[] {
  const line = links
    .map(({ subject, key, notAfter }) => `${subject} ${pc.dim(`(${key}, until ${notAfter.slice(0, 10)})`)}`)
    .join(pc.dim(" ← "));
  const names = links[0]?.names ?? [];
  return [
    `  ${pc.green("✓")} ${pc.bold(secret)}  ${line}`,
    ...(names.length > 1 ? [pc.dim(`      for ${names.join(", ")}`)] : []),
  ];
}

function filesLines(directory: string): string[] {
  const rows = Object.entries(FILES).map(([file, what]) => [`${shownPath(directory)}/${file}`, pc.dim(what)]);
  return tableText([], rows).split("\n");
}

/** One line of at most `length` characters. */
export function shorten(text: string, length = 60): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
