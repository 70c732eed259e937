import { isIP } from "node:net";
import { fields, fieldsList, list, text } from "../../manifests/fields.ts";
import type { Ref } from "../../manifests/object.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import type { Route, Topology } from "../../topology/model.ts";
import { error, type Finding } from "../finding.ts";

/** W22: hostnames are names, with "*" only as the first whole label; what a TLSRoute must have. */
export function hostnames({ gateways, listenerSets, routes }: Topology): Finding[] {
  const listeners = [...gateways, ...listenerSets.filter(({ accepted }) => !accepted)].flatMap((o) => o.listeners);
  return [
    ...listeners.flatMap(({ owner, raw, index }) =>
      badHostname(owner.ref, text(raw.hostname), `/spec/listeners/${index}/hostname`),
    ),
    ...routes.flatMap((route) => [...routeHostnames(route), ...(route.kind === "TLSRoute" ? tlsRoute(route) : [])]),
  ];
}

/** True when a hostname breaks W22, so that what follows from it need not be told. */
export function hasBadHostname(names: readonly string[]): boolean {
  return names.some((name) => name !== "*" && problemOf(name) !== undefined);
}

function routeHostnames({ ref, sourced }: Route): Finding[] {
  const names = list(fields(sourced.object.spec).hostnames);
  return names.flatMap((name, i) => badHostname(ref, text(name), `/spec/hostnames/${i}`));
}

function badHostname(from: Ref, name: string | undefined, path: string): Finding[] {
  const problem = name === undefined || name === "" || isUnknown(name) ? undefined : problemOf(name);
  if (problem === undefined) return [];
  return [error("W22", { from, to: null, message: `hostname ${name} ${problem.found}`, fix: problem.fix, path })];
}

function problemOf(name: string): { found: string; fix: string } | undefined {
  if (isIP(name.replace(/^\[|\]$/g, "")) !== 0) {
    return { found: "is an IP address", fix: "use a DNS name, or leave hostname out to match any" };
  }
  if (name.includes("*") && !/^\*(\.[^*.]+)+$/.test(name)) {
    return { found: 'may have "*" only as its whole first label', fix: 'write it like "*.example.com"' };
  }
  return undefined;
}

/** The CRD's own limits, told as one rule: hostnames ≥ 1, exactly one rule, backendRefs ≥ 1. */
function tlsRoute({ ref, sourced }: Route): Finding[] {
  const spec = fields(sourced.object.spec);
  const findings: Finding[] = [];
  const found = (path: string, message: string, fix: string) =>
    findings.push(error("W22", { from: ref, to: null, message, fix, path }));
  if (list(spec.hostnames).length === 0 && !isUnknown(spec.hostnames)) {
    found(
      "/spec/hostnames",
      "a TLSRoute needs at least one hostname: the SNI it is chosen by",
      "add hostnames: [host.example.com]",
    );
  }
  const rules = fieldsList(spec.rules);
  if (rules.length !== 1 && !isUnknown(spec.rules)) {
    const fix = rules.length === 0 ? "add one rule with backendRefs" : "make one TLSRoute of each rule";
    found("/spec/rules", `a TLSRoute has exactly one rule; this has ${rules.length}`, fix);
  }
  for (const [i, rule] of rules.entries()) {
    if (list(rule.backendRefs).length > 0 || isUnknown(rule.backendRefs)) continue;
    found(
      `/spec/rules/${i}/backendRefs`,
      "a TLSRoute's rule needs at least one backendRef",
      "add backendRefs: [{ name: <Service>, port: 443 }]",
    );
  }
  return findings;
}
