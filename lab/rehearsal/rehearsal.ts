import type { Prototype } from "../../config/schema.ts";
import { StandIns } from "../gateway/backends/stand-ins.ts";
import { ManifestCertificates } from "../gateway/certificates/manifest-certificates.ts";
import { type RunningGateway, serve } from "../gateway/serve.ts";
import type { PortChoice } from "../gateway/serving/local-ports.ts";
import type { Trace } from "../gateway/trace.ts";
import { CertManager } from "../issuing/cert-manager.ts";
import { IssuedCertificates } from "../issuing/certificate-store.ts";
import { topologyOf } from "../stack/topology.ts";
import { withProgress } from "../terminal/progress.ts";
import { shownPath } from "../terminal/shown-path.ts";
import type { Topology } from "../topology/model.ts";
import { check, hasErrors } from "../wiring/check.ts";
import type { Finding } from "../wiring/finding.ts";
import { ask } from "./answers/ask.ts";
import { claimsOf, decideClaim } from "./answers/claims.ts";
import type { Outcome } from "./answers/outcome.ts";
import { promisedRequests } from "./answers/requests.ts";
import { type DeclaredCertificate, issueAll } from "./certificates.ts";
import { type Plan, planOf } from "./plan/plan.ts";
import type { Rehearsed } from "./rehearse.ts";

/** All that a rehearsal of a stack brought to light; its gateway serves until it is closed. */
export interface Rehearsal {
  readonly rehearsed: Rehearsed;
  readonly plan: Plan;
  readonly topology: Topology;
  readonly findings: readonly Finding[];
  readonly certificates: readonly DeclaredCertificate[];
  readonly gateway: RunningGateway;
  readonly outcomes: readonly Outcome[];
}

export interface StagingOptions {
  /** @default "any" */
  readonly ports?: PortChoice;
  readonly onTrace?: (trace: Trace) => void;
  /** Directory of the rehearsal's files, relative to the working directory: for curl lines. */
  readonly directory: string;
}

/** Checks the wiring of a rehearsed stack, issues its certificates, serves its gateways and asks for its answers. */
export async function stage(rehearsed: Rehearsed, prototype: Prototype, options: StagingOptions): Promise<Rehearsal> {
  const topology = topologyOf(rehearsed);
  const findings = await withProgress("checking the wiring", () => check(topology));
  const certManager = new CertManager(topology, rehearsed.vault);
  const certificates = await withProgress("issuing certificates", () => issueAll(topology, certManager));
  const issued = new IssuedCertificates(certManager);
  await issued.prepare(topology.certificates.map(({ namespace, secretName: name }) => ({ namespace, name })));
  const store = new ManifestCertificates(topology.objects, issued);
  const backends = await StandIns.start(topology, store);
  const { ports = "any", onTrace } = options;
  const gateway = await serve(topology, { certificates: store, backends, ports, ...(onTrace ? { onTrace } : {}) });
  try {
    const { registrations, vault } = rehearsed;
    const evidence = { topology, registrations, certificates: store, vault };
    const outcomes = await withProgress("asking for the answers", async () => {
      const requests = promisedRequests(rehearsed.outputs);
      const asked = await Promise.all(requests.map((request) => ask(gateway, request, caFile(options.directory))));
      const decided = await Promise.all(claimsOf(prototype).map((claim) => decideClaim(claim, evidence)));
      return [...asked, ...decided];
    });
    const plan = planOf(rehearsed.stack, rehearsed.project, registrations);
    return { rehearsed, plan, topology, findings, certificates, gateway, outcomes };
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

/** True when every answer is as promised and no wire is broken. */
export function isGood({ outcomes, findings }: Pick<Rehearsal, "outcomes" | "findings">): boolean {
  return outcomes.every(({ ok }) => ok) && !hasErrors(findings);
}

/** The authorities to trust, in the directory of a rehearsal's files. */
export function caFile(directory: string): string {
  return `${shownPath(directory)}/pki/ca.pem`;
}
