import type { Difference } from "../probe/expectation.ts";
import type { Answer, ProbeRequest } from "../probe/model.ts";
import pc from "../terminal/colours.ts";
import { curlLine } from "./curl.ts";
import { findPort } from "./find-port.ts";
import type { ListenerPlan } from "./plan/model.ts";
import type { RunningGateway, ServedPort } from "./serve.ts";

/** Lines that say what listens where, and what does not and why. */
export function describePorts(ports: readonly ServedPort[]): string[] {
  return ports.flatMap((port) => {
    const local = port.local === undefined ? pc.red("refused") : pc.green(`${port.local.host}:${port.local.port}`);
    const head = `${port.owner.kind} ${pc.bold(port.owner.name)} port ${port.port} → ${local}`;
    const served = port.listeners.map((listener) => `  ${describeListener(listener)}`);
    const refused = port.refused.map(({ name, protocol, why }) => `  ${pc.red(`${name} ${protocol}`)} ${why}`);
    return [head, ...served, ...refused];
  });
}

function describeListener({ name, protocol, hostname, mode }: ListenerPlan): string {
  const tls = mode.type === "tls-passthrough" ? " Passthrough" : mode.type === "http" ? "" : " Terminate";
  return `${name} ${protocol}${tls} ${hostname ?? "any host"}`;
}

/** Ready-to-paste curl lines. */
export function curlLines(gateway: RunningGateway, requests: readonly ProbeRequest[], caFile: string): string[] {
  return requests.flatMap((request) => {
    const found = findPort(gateway, request);
    return "refused" in found ? [] : [curlLine(request, found.local, caFile)];
  });
}

/** A line for a probe, and one for each difference. */
export function describeAnswer(request: ProbeRequest, answer: Answer, differences: readonly Difference[]): string[] {
  const mark = differences.length > 0 ? pc.red("✗") : request.expect === undefined ? "·" : pc.green("✓");
  const url = `${request.method ?? "GET"} ${request.scheme}://${request.host}:${request.port}${request.path}`;
  const location = answer.headers.location === undefined ? "" : ` → ${answer.headers.location}`;
  const backend = answer.backend === null ? "" : ` ${answer.backend} ${answer.path ?? ""}`;
  const error = answer.error === undefined ? "" : ` ${answer.error}`;
  const head = `${mark} ${url}  ${pc.bold(String(answer.status))}${location}${backend}${error}`;
  return [head, ...differences.map(({ field, expected, got }) => `    ${field}: expected ${expected}, got ${got}`)];
}
