import type { RuleTrace } from "./matching/decision.ts";
import type { AddressOwner } from "./plan/model.ts";

/** What became of one request, or of one connection that never became a request. */
export interface Trace {
  /** Unique within a run, counting up; also sent to backends as x-request-id for requests. */
  readonly id: string;
  readonly owner: AddressOwner;
  /** The listener's port in the manifest. */
  readonly port: number;
  readonly listener: string | undefined;
  readonly scheme: "http" | "https" | "tls";
  readonly sni: string | undefined;
  readonly host: string | undefined;
  readonly method: string | undefined;
  /** Path and query as asked for. */
  readonly url: string | undefined;
  readonly httpVersion: string | undefined;
  /** The rule that matched, if any did. */
  readonly rule: RuleTrace | undefined;
  /** The Service that was asked, "namespace/name". */
  readonly backend: string | undefined;
  /** Path and query as sent to the backend. */
  readonly backendUrl: string | undefined;
  /** The HTTP status answered; 0 = the connection was refused; undefined = bytes are passed through unread. */
  readonly status: number | undefined;
  /** Why no backend answered. */
  readonly why: string | undefined;
}

/** One line for a log: `GET https://mango.example.com/mango → 200 mango/mango-svc (Gateway mango/edge, listener https, …)`. */
export function formatTrace(trace: Trace): string {
  const asked =
    trace.method === undefined
      ? `TLS ${trace.sni ?? "(no SNI)"}`
      : `${trace.method} ${trace.scheme}://${trace.host ?? ""}${trace.url ?? ""}`;
  const result = trace.status === 0 ? "refused" : (trace.status ?? "passed through");
  const backend = trace.backend === undefined ? "" : ` ${trace.backend}${rewritten(trace)}`;
  const where = [
    `${trace.owner.kind} ${trace.owner.name} port ${trace.port}`,
    trace.listener === undefined ? "no listener" : `listener ${trace.listener}`,
    trace.rule === undefined ? undefined : describeRule(trace.rule),
  ];
  const why = [trace.why, trace.rule?.note].filter((text) => text !== undefined);
  const because = why.length === 0 ? "" : `: ${why.join("; ")}`;
  return `${asked} → ${result}${backend} (${where.filter((part) => part !== undefined).join(", ")})${because}`;
}

function rewritten(trace: Trace): string {
  return trace.backendUrl === undefined || trace.backendUrl === trace.url ? "" : ` as ${trace.backendUrl}`;
}

function describeRule({ route, ruleIndex, match }: RuleTrace): string {
  return `${route.kind} ${route.namespace}/${route.name} rule ${ruleIndex + 1}, ${match}`;
}
