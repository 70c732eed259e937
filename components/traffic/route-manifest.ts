import type { BackendRef, RouteRule, RouteSpec } from "../../config/derive/routes.ts";
import type { RouteConfig } from "../../config/schema.ts";
import type { Manifest } from "../kubernetes/apply.ts";

/** An HTTPRoute or TLSRoute (https://gateway-api.sigs.k8s.io/reference/spec/#httproute). */
export function routeManifest(route: RouteSpec): Manifest {
  const { kind, name, namespace, hostnames, rules } = route;
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind,
    metadata: { name, namespace },
    spec: {
      parentRefs: parentRefs(route),
      ...(hostnames.length === 0 ? {} : { hostnames }),
      rules: rules.map((rule) => (kind === "HTTPRoute" ? httpRule(rule, namespace) : tlsRule(rule, namespace))),
    },
  };
}

/** One reference per listener: a route that names none would land on every listener that happens to fit (rule W20). */
function parentRefs({ gateway, namespace, listeners }: RouteSpec) {
  return listeners.map((sectionName) => ({
    name: gateway.name,
    ...(gateway.namespace === namespace ? {} : { namespace: gateway.namespace }),
    sectionName,
  }));
}

function tlsRule({ backends }: RouteRule, namespace: string) {
  return { backendRefs: backends.map((backend) => backendRef(backend, namespace)) };
}

function httpRule({ route, backends }: RouteRule, namespace: string) {
  const match = matchOf(route);
  const filters = filtersOf(route);
  return {
    ...(match === undefined ? {} : { matches: [match] }),
    ...(filters.length === 0 ? {} : { filters }),
    ...(backends.length === 0 ? {} : { backendRefs: backends.map((backend) => backendRef(backend, namespace)) }),
  };
}

function matchOf({ path, exact, method, headers, query }: RouteConfig) {
  const match = {
    ...(exact === undefined ? {} : { path: { type: "Exact", value: exact } }),
    ...(path === undefined ? {} : { path: { type: "PathPrefix", value: path } }),
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers: nameAndValue(headers) }),
    ...(query === undefined ? {} : { queryParams: nameAndValue(query) }),
  };
  return Object.keys(match).length === 0 ? undefined : match;
}

function filtersOf({ redirect, rewrite, requestHeaders, responseHeaders }: RouteConfig): object[] {
  return [
    ...(requestHeaders ? [{ type: "RequestHeaderModifier", requestHeaderModifier: headerEdit(requestHeaders) }] : []),
    ...(responseHeaders
      ? [{ type: "ResponseHeaderModifier", responseHeaderModifier: headerEdit(responseHeaders) }]
      : []),
    ...(redirect ? [{ type: "RequestRedirect", requestRedirect: redirectOf(redirect) }] : []),
    ...(rewrite ? [{ type: "URLRewrite", urlRewrite: rewriteOf(rewrite) }] : []),
  ];
}

function redirectOf({ path, status, ...rest }: NonNullable<RouteConfig["redirect"]>) {
  return {
    ...rest,
    ...(path === undefined ? {} : { path: { type: "ReplaceFullPath", replaceFullPath: path } }),
    statusCode: status,
  };
}

function rewriteOf({ hostname, path, prefix }: NonNullable<RouteConfig["rewrite"]>) {
  return {
    ...(hostname === undefined ? {} : { hostname }),
    ...(path === undefined ? {} : { path: { type: "ReplaceFullPath", replaceFullPath: path } }),
    ...(prefix === undefined ? {} : { path: { type: "ReplacePrefixMatch", replacePrefixMatch: prefix } }),
  };
}

function headerEdit({ set, add, remove }: NonNullable<RouteConfig["requestHeaders"]>) {
  return {
    ...(set ? { set: nameAndValue(set) } : {}),
    ...(add ? { add: nameAndValue(add) } : {}),
    ...(remove ? { remove } : {}),
  };
}

function nameAndValue(pairs: Readonly<Record<string, string>>) {
  return Object.entries(pairs).map(([name, value]) => ({ name, value }));
}

function backendRef({ service, namespace, port, weight }: BackendRef, routeNamespace: string) {
  return {
    name: service,
    ...(namespace === routeNamespace ? {} : { namespace }),
    port,
    ...(weight === undefined ? {} : { weight }),
  };
}
