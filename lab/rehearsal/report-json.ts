import { unplayedAnnotations } from "../gateway/plan/unplayed-annotations.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { chainLinks } from "./certificates.ts";
import { isGood, type Rehearsal } from "./rehearsal.ts";

/** A rehearsal for programs. */
export function reportJson(rehearsal: Rehearsal, directory: string): object {
  const { rehearsed, plan, topology, findings, certificates, gateway, outcomes } = rehearsal;
  return {
    stack: rehearsed.stack,
    ok: isGood(rehearsal),
    plan,
    findings: findings.map(({ rule, severity, from, to, message, fix }) => ({
      rule,
      severity,
      from,
      to,
      message,
      fix,
    })),
    certificates: certificates.map(({ secret, issuing }) =>
      "refused" in issuing ? { secret, refused: issuing.refused } : { secret, chain: chainLinks(issuing) },
    ),
    gateways: gateway.ports.map(({ owner, port, local, listeners, refused }) => ({
      owner,
      port,
      local: local ?? null,
      listeners: listeners.map(({ name, protocol, hostname }) => ({ name, protocol, hostname: hostname ?? null })),
      refused,
    })),
    unplayed: unplayedAnnotations(topology),
    answers: outcomes.map(({ request: _, ...outcome }) => outcome),
    files: shownPath(directory),
  };
}
