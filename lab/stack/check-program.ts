import type { StackRecord } from "../../components/stack/policy.ts";
import type { PatchConfig, Prototype } from "../../config/schema.ts";
import type { Topology } from "../topology/model.ts";
import { buildTopology } from "../topology/topology.ts";
import { type Finding, formatEnds } from "../wiring/finding.ts";
import { checkWiring } from "../wiring/wiring.ts";
import { knownOf } from "./known.ts";
import { objectsOf } from "./objects.ts";

/** What the check of a program's own objects came to, in the sense of `learn:wiring`. */
export interface ProgramCheck {
  /** One message for all that stops the program; undefined when nothing does. */
  readonly error?: string;
  readonly warnings: readonly string[];
}

/** Checks the wiring of everything a program is about to register, before any of it is applied. */
export async function checkProgram(
  stack: string,
  prototype: Prototype,
  { manifests, unusedPatches }: StackRecord,
): Promise<ProgramCheck> {
  const unused = unusedPatches().map(unusedPatch);
  if (unused.length > 0) return { error: `${stack}: ${unused.join("; ")}`, warnings: [] };
  if (prototype.wiring === "off") return { warnings: [] };
  const topology = buildTopology(objectsOf(manifests), knownOf(prototype));
  const findings = prototype.patches.length === 0 ? checkWiring(topology) : await checkWithSchemas(topology);
  const stops = ({ severity }: Finding) => severity === "error" && prototype.wiring === "error";
  const errors = findings.filter(stops).map(findingText);
  const warnings = findings.filter((finding) => !stops(finding)).map(findingText);
  return errors.length === 0 ? { warnings } : { error: refusal(stack, errors), warnings };
}

function findingText(finding: Finding): string {
  return `${finding.rule} ${formatEnds(finding)}\n    ${finding.message}\n    fix: ${finding.fix}`;
}

/**
 * The program's own manifests hold against their schemas, which its tests and every rehearsal check; only a patch of the
 * stack file can spoil them. The schemas would be a third of a plan's time.
 */
async function checkWithSchemas(topology: Topology): Promise<Finding[]> {
  const { check } = await import("../wiring/check.ts");
  return check(topology);
}

/** A patch that names nothing is a mistake of the stack file, not of the wiring. */
function unusedPatch({ kind, namespace, name }: PatchConfig): string {
  const object = `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
  return `learn:patches changes ${object}, but the program registers no such object`;
}

function refusal(stack: string, errors: readonly string[]): string {
  const count = errors.length === 1 ? "1 broken wire" : `${errors.length} broken wires`;
  return [
    `${stack} has ${count}; nothing has been applied:`,
    ...errors.map((error) => `  ${error}`),
    `See the path drawn with \`npm start -- ${stack}\`. To apply it all the same, set learn:wiring: warn.`,
  ].join("\n");
}
