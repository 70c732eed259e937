import pc from "../../terminal/colours.ts";
import { wrapWords } from "../../terminal/wrap-words.ts";
import type { Plan, PlanNode } from "./plan.ts";

/** As many objects of one kind below one parent are told one by one; more become a count with a few names. */
const TOLD_APART = 3;

/**
 * The plan as a tree for people: components, Helm Releases with their versions, everything else counted by kind.
 * @param width columns of the terminal; without it, nothing is broken into several lines
 */
export function planText(plan: Plan, width = Number.POSITIVE_INFINITY): string {
  const total = Object.values(plan.counts).reduce((sum, count) => sum + count, 0);
  const components = plan.counts.component ?? 0;
  const head = `${pc.bold(plan.stack)}  ${total} resources to create: ${components} components, ${plan.releases.length} Helm Releases, ${total - components - plan.releases.length} others`;
  return [wrapWords(head, width, 2), ...branches(plan.roots, "", width)].join("\n");
}

function branches(nodes: readonly PlanNode[], indent: string, width: number): string[] {
  const groups = grouped(nodes);
  return groups.flatMap((group, at) => {
    const last = at === groups.length - 1;
    const [first] = group;
    if (first === undefined) return [];
    const inner = `${indent}${last ? "   " : "│  "}`;
    const text = group.length === 1 ? single(first) : many(group);
    const [line = "", ...rest] = wrapWords(text, width - inner.length, 2).split("\n");
    return [
      `${pc.dim(`${indent}${last ? "└─ " : "├─ "}`)}${line}`,
      ...rest.map((more) => `${pc.dim(inner)}${more}`),
      ...(group.length === 1 ? branches(first.children, inner, width) : []),
    ];
  });
}

/** Leaves of one kind together when there are many; nodes with something below them always alone. */
function grouped(nodes: readonly PlanNode[]): PlanNode[][] {
  const groups: PlanNode[][] = [];
  for (const node of nodes) {
    const same = nodes.filter(
      (other) => isLeaf(other) && other.kind === node.kind && other.component === node.component,
    );
    if (!isLeaf(node) || node.kind === "Release" || same.length <= TOLD_APART) groups.push([node]);
    else if (same[0] === node) groups.push(same);
  }
  return groups;
}

function isLeaf(node: PlanNode): boolean {
  return node.children.length === 0;
}

function single({ kind, label, component, name }: PlanNode): string {
  return component ? `${pc.bold(name)} ${pc.cyan(kind)}` : `${kind} ${dim(label)}`;
}

function many(group: readonly PlanNode[]): string {
  const names = group.slice(0, TOLD_APART).map(({ label }) => label);
  return `${group.length} × ${group[0]?.kind} ${dim(`${names.join(", ")}, …`)}`;
}

/** Word by word, as a line may end after any. */
function dim(text: string): string {
  return text.split(" ").map(pc.dim).join(" ");
}
