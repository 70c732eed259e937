// The CORS filter: HTTPCORSFilter of apis/v1/httproute_types.go.

export interface Cors {
  readonly allowOrigins: readonly string[];
  readonly allowCredentials: boolean;
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  /** Seconds. */
  readonly maxAge: number;
}

type HeadersIn = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Whether a request is a preflight: OPTIONS with an origin and the method it asks for. */
export function isPreflight(method: string, headers: HeadersIn): boolean {
  return method === "OPTIONS" && headers.origin !== undefined && headers["access-control-request-method"] !== undefined;
}

/** The headers that answer a preflight; none when the origin is not allowed. */
export function preflightHeaders(cors: Cors, request: HeadersIn): Record<string, string> {
  const origin = allowedOrigin(cors, request);
  if (origin === undefined) return {};
  const headers = commonHeaders(cors, origin);
  const method = first(request["access-control-request-method"]);
  const methods = listOr(cors.allowMethods, method);
  if (methods !== undefined) headers["access-control-allow-methods"] = methods;
  const asked = first(request["access-control-request-headers"]);
  const allowed = asked === undefined ? undefined : listOr(cors.allowHeaders, asked);
  if (allowed !== undefined) headers["access-control-allow-headers"] = allowed;
  headers["access-control-max-age"] = String(cors.maxAge);
  return headers;
}

/** The headers added to the answer of an actual request; none when the origin is not allowed. */
export function corsHeaders(cors: Cors, request: HeadersIn): Record<string, string> {
  const origin = allowedOrigin(cors, request);
  return origin === undefined ? {} : commonHeaders(cors, origin);
}

function commonHeaders(cors: Cors, origin: string): Record<string, string> {
  const headers: Record<string, string> = { "access-control-allow-origin": origin };
  if (cors.allowCredentials) headers["access-control-allow-credentials"] = "true";
  const expose = cors.exposeHeaders.filter((name) => name !== "*" || !cors.allowCredentials);
  if (expose.length > 0) headers["access-control-expose-headers"] = expose.join(", ");
  return headers;
}

/** With "*" the value asked for is echoed, which is right with and without credentials. */
function listOr(allowed: readonly string[], asked: string | undefined): string | undefined {
  if (allowed.length === 0) return undefined;
  return allowed.includes("*") ? asked : allowed.join(", ");
}

function allowedOrigin(cors: Cors, request: HeadersIn): string | undefined {
  const origin = first(request.origin);
  if (origin === undefined) return undefined;
  return cors.allowOrigins.some((allowed) => originMatches(allowed, origin)) ? origin : undefined;
}

/** "*" matches any host part greedily to the left, over several labels; ports 80 and 443 are implied. */
function originMatches(allowed: string, origin: string): boolean {
  if (allowed === "*") return true;
  const pattern = withPort(allowed)
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join("[^/]*");
  return new RegExp(`^${pattern}$`, "i").test(withPort(origin));
}

function withPort(origin: string): string {
  if (/:\d+$/.test(origin)) return origin;
  return `${origin}:${origin.startsWith("https:") ? 443 : 80}`;
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}
