// CORS as ingress-nginx does it: template "CORS" of rootfs/etc/nginx/template/nginx.tmpl and buildCorsOriginRegex of
// internal/ingress/controller/template/template.go in kubernetes/ingress-nginx.
import { type ArrivedRequest, type Respond, type RuleTrace, respond } from "./decision.ts";

/** The `enable-cors` annotations of an Ingress. */
export interface IngressCors {
  /** Every origin, or those that one of these matches. */
  readonly origins: "*" | readonly RegExp[];
  /** What every allowed origin is told, whatever it asks for; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The headers of every answer to this request, the controller's own too; undefined when its origin is not allowed. */
export function ingressCorsHeaders(
  cors: IngressCors | undefined,
  request: ArrivedRequest,
): Readonly<Record<string, string>> | undefined {
  if (cors === undefined) return undefined;
  const origin = allowedOrigin(cors, request.headers.origin);
  return origin === undefined ? undefined : { "access-control-allow-origin": origin, ...cors.headers };
}

/** OPTIONS of an allowed origin is answered 204 and never reaches the backend, a preflight or not. */
export function ingressPreflight(request: ArrivedRequest, rule: RuleTrace): Respond | undefined {
  if (request.method !== "OPTIONS") return undefined;
  return respond(204, "enable-cors: OPTIONS of an allowed origin", rule, {
    "content-type": "text/plain charset=UTF-8",
  });
}

function allowedOrigin({ origins }: IngressCors, origin: unknown): string | undefined {
  if (origins === "*") return "*";
  return typeof origin === "string" && origins.some((allowed) => allowed.test(origin)) ? origin : undefined;
}
