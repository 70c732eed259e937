// Source: https://gateway-api.sigs.k8s.io/concepts/hostnames/ and the comments of Listener.hostname
// (apis/v1/gateway_types.go) and HTTPRouteSpec.hostnames (apis/v1/httproute_types.go) of sigs.k8s.io/gateway-api.
import { ANY_HOST } from "../../topology/hostnames.ts";

/** The lower-case host of a Host header or `:authority`, without port, trailing dot; IPv6 literals keep brackets. */
export function hostOf(authority: string | undefined): string {
  if (authority === undefined) return "";
  let host = authority;
  const colon = host.lastIndexOf(":");
  if (colon >= 0 && host.indexOf("]", colon) < 0) host = host.slice(0, colon);
  if (host.endsWith(".")) host = host.slice(0, -1);
  return host.toLowerCase();
}

/**
 * Values by hostname (lower case; undefined or "*" = any host), found by a request's host without walking over all of
 * them: one map access for the precise name and one for each label of the host. `*.example.com` is a suffix match on
 * one or more labels: `a.example.com` and `a.b.example.com`, not `example.com`.
 */
export class HostIndex<T> {
  readonly #precise = new Map<string, T>();
  readonly #wildcard = new Map<string, T>();
  #any: T | undefined;

  /** The value kept for exactly this hostname (not a match). */
  get(hostname: string | undefined): T | undefined {
    if (hostname === undefined || hostname === ANY_HOST) return this.#any;
    return hostname.startsWith("*.") ? this.#wildcard.get(hostname.slice(1)) : this.#precise.get(hostname);
  }

  set(hostname: string | undefined, value: T): void {
    if (hostname === undefined || hostname === ANY_HOST) this.#any = value;
    else if (hostname.startsWith("*.")) this.#wildcard.set(hostname.slice(1), value);
    else this.#precise.set(hostname, value);
  }

  /** The value of the most specific hostname that matches. */
  find(host: string): T | undefined {
    return this.findBy(host, (value) => value);
  }

  /** The first defined result of `pick` over all matching hostnames, most specific first. */
  findBy<R>(host: string, pick: (value: T) => R | undefined): R | undefined {
    const precise = this.#precise.get(host);
    if (precise !== undefined) {
      const result = pick(precise);
      if (result !== undefined) return result;
    }
    if (this.#wildcard.size > 0) {
      for (let dot = host.indexOf("."); dot > 0; dot = host.indexOf(".", dot + 1)) {
        const value = this.#wildcard.get(host.slice(dot));
        const result = value === undefined ? undefined : pick(value);
        if (result !== undefined) return result;
      }
    }
    return this.#any === undefined ? undefined : pick(this.#any);
  }

  /** All values, in no special order. */
  *values(): Iterable<T> {
    yield* this.#precise.values();
    yield* this.#wildcard.values();
    if (this.#any !== undefined) yield this.#any;
  }
}
