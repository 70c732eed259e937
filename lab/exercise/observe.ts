import { gatewaysOf } from "../../config/derive/gateways.ts";
import type { Prototype } from "../../config/schema.ts";
import { fieldsList, text } from "../manifests/fields.ts";
import type { DeclaredCertificate } from "../rehearsal/certificates.ts";
import { type PreparedStack, prepare, run } from "../rehearsal/prepare.ts";
import { type Rehearsal, stage } from "../rehearsal/rehearsal.ts";
import type { RehearseOptions } from "../rehearsal/rehearse.ts";
import { VisibleError } from "../terminal/visible-error.ts";
import { formatEnds } from "../wiring/finding.ts";
import type { Symptom } from "./exercise.ts";

/** What a rehearsal of a stack file shows to be wrong; none when all is well. */
export interface Trouble {
  /** The symptom it is, for machines. */
  readonly symptom: Symptom;
  /** The same for people. */
  readonly text: string;
}

/** What is wrong with a stack file, and what it promises at all. */
export interface Observation {
  readonly troubles: readonly Trouble[];
  /** "GET https://mango.example.com/mango": the answers that were asked for; none when the file is refused. */
  readonly asked: readonly string[];
}

/** Rehearses a stack file and looks at all that may be wrong. Mistakes in the file are an observation like any other. */
export async function observe(file: string, how: Pick<RehearseOptions, "run"> = {}): Promise<Observation> {
  try {
    const prepared = await prepare(file);
    const rehearsed = await run(prepared, how);
    const rehearsal = await stage(rehearsed, prepared.prototype, { directory: `out/${prepared.name}` });
    try {
      return observationOf(rehearsal, prepared);
    } finally {
      await rehearsal.gateway.close();
    }
  } catch (error) {
    if (!(error instanceof VisibleError)) throw error;
    return { troubles: [{ symptom: { refused: error.message }, text: error.message }], asked: [] };
  }
}

function observationOf(
  { findings, certificates, outcomes, rehearsed }: Rehearsal,
  { prototype }: Pick<PreparedStack, "prototype">,
): Observation {
  return {
    troubles: [
      ...findings.map((finding) => ({
        symptom: { rule: finding.rule, severity: finding.severity },
        text: `${finding.severity} ${finding.rule} ${formatEnds(finding)}: ${finding.message}`,
      })),
      ...certificates.flatMap(refused),
      ...withoutAddress(prototype, fieldsList(rehearsed.outputs.endpoints)),
      ...outcomes
        .filter(({ ok }) => !ok)
        .map(({ asked, expected, got }) => ({
          symptom: { answer: asked, got },
          text: `${asked}: expected ${expected}, got ${got}`,
        })),
    ],
    asked: outcomes.map(({ asked }) => asked),
  };
}

function refused({ secret, issuing }: DeclaredCertificate): Trouble[] {
  if (!("refused" in issuing)) return [];
  return [
    { symptom: { certificate: secret, says: issuing.refused }, text: `certificate ${secret}: ${issuing.refused}` },
  ];
}

/** Gateways of type LoadBalancer on a minikube of the stack's own: only MetalLB gives them an address there. */
function withoutAddress(
  { cluster, platform, ...rest }: Prototype,
  endpoints: readonly Record<string, unknown>[],
): Trouble[] {
  if (cluster.minikube === undefined || platform.metallb !== undefined) return [];
  const asked = new Set(endpoints.map(({ gateway }) => text(gateway)));
  return gatewaysOf({ cluster, platform, ...rest })
    .filter(({ service, namespace, name }) => service === "LoadBalancer" && asked.has(`${namespace}/${name}`))
    .map(({ namespace, name }) => ({
      symptom: { noAddress: `${namespace}/${name}` },
      text: `Gateway ${namespace}/${name} asks for a load balancer, and nobody in this cluster gives addresses`,
    }));
}

/** Whether a symptom that an exercise states is what was seen. */
export function shows({ troubles }: Observation, stated: Symptom): boolean {
  return troubles.some(({ symptom }) => matches(symptom, stated));
}

function matches(seen: Symptom, stated: Symptom): boolean {
  if ("answer" in stated) return "answer" in seen && seen.answer === stated.answer && seen.got.includes(stated.got);
  if ("rule" in stated) return "rule" in seen && seen.rule === stated.rule && seen.severity === stated.severity;
  if ("refused" in stated) return "refused" in seen && seen.refused.includes(stated.refused);
  if ("noAddress" in stated) return "noAddress" in seen && seen.noAddress === stated.noAddress;
  return "certificate" in seen && seen.certificate === stated.certificate && seen.says.includes(stated.says);
}
