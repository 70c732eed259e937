import type { RequestPath } from "./trace-request.ts";

/** What became of a request, in short sentences: the headline, then each step that it took. */
export interface PathWords {
  readonly headline: string;
  readonly good: boolean;
  readonly steps: readonly string[];
}

/** Tells a request's way: listener, route, rule and backend, or why none matched. */
export function inWords(path: RequestPath): PathWords {
  const { outcome, status, port, listener, rule, backend, backendUrl, location, why, rivals } = path;
  const steps: string[] = [];
  if (port !== undefined) steps.push(`${port.owner.kind} ${port.owner.name}, port ${port.port}`);
  if (listener !== undefined)
    steps.push(`listener ${listener.name} (${listener.protocol}, ${listener.hostname ?? "any host"})`);
  if (rule !== undefined) {
    const { kind, namespace, name } = rule.route;
    steps.push(`${kind} ${namespace}/${name}, rule ${rule.ruleIndex + 1}: ${rule.match}`);
  }
  if (backend !== undefined) {
    steps.push(
      `Service ${backend.namespace}/${backend.service}${backend.port === undefined ? "" : `:${backend.port}`}`,
    );
  }
  if (outcome === "passed")
    steps.push("the gateway reads the server name alone; method, path and headers are the pod's");
  if (backendUrl !== undefined) steps.push(`the backend is asked for ${backendUrl}`);
  if (why !== undefined && why !== "") steps.push(outcome === "forwarded" ? `note: ${why}` : `because ${why}`);
  if (rivals.length > 0) steps.push(`${rivals.join(", ")} would answer, too: the host's address decides`);
  return { headline: headline(), good: outcome === "forwarded" || outcome === "passed" || redirects(), steps };

  function headline(): string {
    if (outcome === "forwarded") return `Forwarded to ${backend?.namespace}/${backend?.service}`;
    if (outcome === "passed") return `Passed through, still encrypted, to ${backend?.namespace}/${backend?.service}`;
    if (outcome === "refused") return "Connection refused";
    return redirects() ? `Answered ${status}: redirect to ${location}` : `Answered ${status} by the gateway`;
  }

  function redirects(): boolean {
    return status !== undefined && status >= 300 && status < 400;
  }
}
