import { formatRef, type Ref, refOf, type Sourced } from "../manifests/object.ts";
import pc from "../terminal/colours.ts";
import { type Finding, formatEnds } from "./finding.ts";

/** Findings for programs: refs as `{kind, namespace, name}`, `to` null when the rule is about one object; messages name both ends. */
export function jsonReport(findings: readonly Finding[]): string {
  const plain = findings.map(({ rule, severity, from, to, message, fix }) => {
    return { rule, severity, from, to, message: `${formatEnds({ from, to })}: ${message}`, fix };
  });
  return JSON.stringify(plain, null, 2);
}

/** Findings for people: by the object at which each wire begins, and one line that sums up. */
export function textReport(findings: readonly Finding[], objects: readonly Sourced[]): string {
  const sources = new Map(objects.map((sourced) => [formatRef(refOf(sourced.object)), sourced.source]));
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const from = formatRef(finding.from);
    groups.set(from, [...(groups.get(from) ?? []), finding]);
  }
  const blocks = [...groups].map(([from, group]) => {
    const source = sources.get(from);
    const where =
      source === undefined ? "" : pc.dim(`  ${source.file === "-" ? "standard input" : source.file}:${source.line}`);
    return [`${pc.bold(from)}${where}`, ...group.map(findingText)].join("\n");
  });
  return [...blocks, summary(findings, objects.length)].join("\n\n");
}

function findingText({ rule, severity, to, message, fix }: Finding): string {
  const label = severity === "error" ? pc.red(`error ${rule}`) : pc.yellow(`warning ${rule}`);
  return [`  ${label}${target(to)}`, `    ${message}`, `    ${pc.green("fix:")} ${fix}`].join("\n");
}

function target(to: Ref | null): string {
  return to === null ? "" : ` → ${formatRef(to)}`;
}

/** "2 errors and 1 warning in 14 objects", or that all is well. */
export function summary(findings: readonly Finding[], objects: number): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
  const checked = count(objects, "object");
  if (findings.length === 0) return pc.green(`${checked} checked: every wire holds`);
  const text = `${count(errors, "error")} and ${count(warnings, "warning")} in ${checked}`;
  return errors > 0 ? pc.red(text) : pc.yellow(text);
}
