import { formatRef, type Ref } from "../manifests/object.ts";
import type { Topology } from "../topology/model.ts";
import type { Finding } from "./finding.ts";
import { checkSchemas } from "./schema/schema.ts";
import { checkWiring, inOrder } from "./wiring.ts";

/** The whole check: wiring and schemas. Where a rule speaks of a field, the schema's plainer word on it is left out. */
export async function check(topology: Topology): Promise<Finding[]> {
  const wiring = checkWiring(topology);
  const told = new Set(wiring.flatMap(fieldsOf));
  const schemas = await checkSchemas(topology.objects.objects);
  const untold = schemas.filter(({ from, path = "" }) => {
    const steps = path.split("/");
    return !steps.some((_, i) => told.has(`${formatRef(from)} ${steps.slice(0, i + 1).join("/")}`));
  });
  return inOrder([...wiring, ...untold]);
}

/** The fields of which a finding speaks. */
function fieldsOf({ from, path, to, toPath }: Finding): string[] {
  const field = (ref: Ref | null, pointer: string | undefined) =>
    ref === null || pointer === undefined ? [] : [`${formatRef(ref)} ${pointer}`];
  return [...field(from, path), ...field(to, toPath)];
}

/** True when at least one finding is an error. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === "error");
}
