import type { BoxDetail } from "../page/page-data.ts";
import { make } from "./dom.ts";
import { yamlBlock } from "./yaml-block.ts";

/** What the panel says about a box: its findings, the stack file's line, its objects. */
export function boxContent({ source, objects, findings }: BoxDetail, label: string): Node[] {
  const nodes: Node[] = [];
  for (const { rule, severity, message, fix } of findings) {
    const told = make("p", { class: severity === "error" ? "bad" : "warn" }, make("strong", {}, rule), ` ${message}`);
    nodes.push(told, make("p", { class: "quiet" }, fix));
  }
  if (source !== undefined) {
    nodes.push(make("h3", {}, `${source.file}, line ${source.line}`));
    nodes.push(
      make("p", { class: "from" }, make("code", {}, source.text), make("span", { class: "quiet" }, source.note)),
    );
  }
  for (const { name, yaml } of objects) nodes.push(make("h3", {}, name), yamlBlock(name, yaml));
  if (objects.length === 0) nodes.push(make("p", {}, label));
  if (objects.length === 0) nodes.push(make("p", { class: "quiet" }, "No object of the set stands for it."));
  return nodes;
}
