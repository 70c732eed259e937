import { formatRef, type Ref } from "../manifests/object.ts";
import type { Topology } from "../topology/model.ts";

export type Severity = "error" | "warning";

/** One broken or doubtful wire: which rule, from where to where, what was found, what mends it. */
export interface Finding {
  /** "W17", "I2", or "SCHEMA". */
  readonly rule: string;
  readonly severity: Severity;
  readonly from: Ref;
  /** The other end; null when the rule is about one object alone. */
  readonly to: Ref | null;
  readonly message: string;
  readonly fix: string;
  /** JSON pointer to the field in `from` that the finding is about, where one field is. */
  readonly path?: string;
  /** The same in `to`. */
  readonly toPath?: string;
}

/** A group of rules: what it finds in a topology. */
export type Rule = (topology: Topology) => Finding[];

/** Both ends in short: "HTTPRoute fruit/mango → Gateway ingress/edge". */
export function formatEnds({ from, to }: Pick<Finding, "from" | "to">): string {
  return to === null ? formatRef(from) : `${formatRef(from)} → ${formatRef(to)}`;
}

type Rest = Omit<Finding, "rule" | "severity">;

export function error(rule: string, finding: Rest): Finding {
  return { rule, severity: "error", ...finding };
}

export function warning(rule: string, finding: Rest): Finding {
  return { rule, severity: "warning", ...finding };
}

/** Orders findings by rule (W before I before SCHEMA), then by their ends and text: the same for any order of objects. */
export function compareFindings(a: Finding, b: Finding): number {
  return compareRules(a.rule, b.rule) || compareText(sortKey(a), sortKey(b));
}

function compareRules(a: string, b: string): number {
  const parts = (rule: string): [number, number, string] => {
    const [, letter = "", number = "", suffix = ""] = /^([WI])(\d+)(.*)$/.exec(rule) ?? [];
    return [letter === "W" ? 0 : letter === "I" ? 1 : 2, Number(number), suffix];
  };
  const [x, y] = [parts(a), parts(b)];
  return x[0] - y[0] || x[1] - y[1] || compareText(x[2], y[2]);
}

function sortKey(finding: Finding): string {
  return [finding.severity, formatEnds(finding), finding.message].join("\n");
}

/** By code units, so that the order does not depend on the locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
