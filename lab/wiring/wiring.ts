import type { Topology } from "../topology/model.ts";
import { compareFindings, type Finding, type Rule } from "./finding.ts";
import { allowedRoutes } from "./rules/allowed-routes.ts";
import { appProtocols } from "./rules/app-protocols.ts";
import { backendTls } from "./rules/backend-tls.ts";
import { backends } from "./rules/backends.ts";
import { certificateRefs } from "./rules/certificate-refs.ts";
import { certificates } from "./rules/certificates.ts";
import { endpoints } from "./rules/endpoints.ts";
import { filters } from "./rules/filters.ts";
import { gatewayClasses } from "./rules/gateway-classes.ts";
import { gatewayShim } from "./rules/gateway-shim.ts";
import { hostnames } from "./rules/hostnames.ts";
import { ingresses } from "./rules/ingresses.ts";
import { issuers } from "./rules/issuers.ts";
import { listenerTls } from "./rules/listener-tls.ts";
import { listeners } from "./rules/listeners.ts";
import { mesh } from "./rules/mesh.ts";
import { parentless } from "./rules/parentless.ts";
import { parents } from "./rules/parents.ts";
import { vault } from "./rules/vault.ts";
import { versions } from "./rules/versions.ts";
import { volumes } from "./rules/volumes.ts";

/** Every group of rules, in the order of their numbers. */
const RULES: readonly Rule[] = [
  gatewayClasses, // W1
  listeners, // W2–W9
  listenerTls, // W10
  certificateRefs, // W11–W14
  allowedRoutes, // W15, W16, W20a
  parentless, // W17
  parents, // W15–W21, W23
  hostnames, // W22
  backends, // W24–W28
  endpoints, // W29
  filters, // W30
  backendTls, // W31
  versions, // W32, W33
  mesh, // W34
  appProtocols, // W35
  issuers, // W36
  vault, // W36, W39
  volumes, // W37
  gatewayShim, // W38
  certificates, // W39
  ingresses, // I1–I6
];

/** What is wrong or doubtful in a topology: each finding once, sorted by rule and then by its ends. */
export function checkWiring(topology: Topology): Finding[] {
  return inOrder(RULES.flatMap((rule) => rule(topology)));
}

/** Sorted, and without repetitions. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const byText = new Map(
    findings.map((finding) => [JSON.stringify([finding.rule, finding.from, finding.to, finding.message]), finding]),
  );
  return [...byText.values()].sort(compareFindings);
}
