// Hostnames of listeners and routes.
// Rules: https://gateway-api.sigs.k8s.io/concepts/hostnames/ and the docs of TLSRoute's and HTTPRoute's `hostnames`.

/** Any host: what an absent hostname stands for. */
export const ANY_HOST = "*";

/**
 * True when a host that a client asks for falls under a pattern: "*" matches all, "*.example.com" any host with one or
 * more labels before it (never example.com itself), and a precise name only itself.
 */
export function hostMatches(pattern: string, host: string): boolean {
  if (pattern === ANY_HOST) return true;
  if (pattern.startsWith("*.")) return host.length > pattern.length - 1 && host.endsWith(pattern.slice(1));
  return pattern === host;
}

/** The hosts that both patterns match, as one pattern: the narrower of the two, or undefined when there is none. */
export function intersectHostnames(a: string, b: string): string | undefined {
  if (a === b || b === ANY_HOST) return a;
  if (a === ANY_HOST) return b;
  const aWild = a.startsWith("*.");
  const bWild = b.startsWith("*.");
  if (aWild && bWild) {
    if (a.endsWith(b.slice(1))) return a;
    return b.endsWith(a.slice(1)) ? b : undefined;
  }
  if (aWild) return hostMatches(a, b) ? b : undefined;
  if (bWild) return hostMatches(b, a) ? a : undefined;
  return undefined;
}

/**
 * The hosts under which a route answers on a listener: the intersections of its hostnames with the listener's, in the
 * route's order, each once; ["*"] when neither names any.
 */
export function intersectedHostnames(listener: string | undefined, route: readonly string[]): string[] {
  const side = listener ?? ANY_HOST;
  if (route.length === 0) return [side];
  const common = route.map((hostname) => intersectHostnames(side, hostname)).filter((h) => h !== undefined);
  return [...new Set(common)];
}

/**
 * Orders patterns from the most specific to the least: precise names first, then wildcards by their number of
 * characters, then "*". Equal ones compare as 0.
 */
export function compareSpecificity(a: string, b: string): number {
  const rank = (pattern: string) => (pattern === ANY_HOST ? 2 : pattern.startsWith("*.") ? 1 : 0);
  return rank(a) - rank(b) || (rank(a) === 1 ? b.length - a.length : 0);
}

/** True when a certificate for `dnsName` is good for `host`: "*" stands for exactly one label (RFC 2818 §3.1, RFC 6125 §6.4.3). */
export function certificateCovers(dnsName: string, host: string): boolean {
  const name = dnsName.toLowerCase();
  if (name === host) return true;
  if (!name.startsWith("*.")) return false;
  const dot = host.indexOf(".");
  return dot > 0 && host.slice(dot) === name.slice(1) && host.slice(0, dot) !== "*";
}
