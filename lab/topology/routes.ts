import { type Fields, fields, fieldsList, number, text, textList } from "../manifests/fields.ts";
import { namespaceOf, refOf, type Sourced } from "../manifests/object.ts";
import { KINDS, type Lookup, type ObjectIndex } from "../manifests/object-index.ts";
import { isUnknown } from "../manifests/unknown.ts";
import type { BackendResolver } from "./backends.ts";
import { GATEWAY_GROUP } from "./certificate-refs.ts";
import type {
  Attachment,
  BackendRef,
  Gateway,
  HttpMatch,
  HttpNameMatch,
  ListenerSet,
  ParentRef,
  Route,
  RouteKind,
  RouteRule,
} from "./model.ts";
import { port } from "./values.ts";

const KINDS_OF_ROUTES = [KINDS.httpRoute, KINDS.grpcRoute, KINDS.tlsRoute, KINDS.tcpRoute, KINDS.udpRoute];

/** What routes can name as their parent, by "namespace/name". */
export interface Parents {
  readonly gateways: ReadonlyMap<string, Gateway>;
  readonly listenerSets: ReadonlyMap<string, ListenerSet>;
}

/** The routes of a set, defaults applied, parents and backends looked up, `attachments` still empty. */
export function readRoutes(objects: ObjectIndex, parents: Parents, backends: BackendResolver): Route[] {
  return KINDS_OF_ROUTES.flatMap((kind) => objects.all(kind)).map((sourced) =>
    readRoute(sourced, objects, parents, backends),
  );
}

function readRoute(sourced: Sourced, objects: ObjectIndex, parents: Parents, backends: BackendResolver): Route {
  const { object } = sourced;
  const spec = fields(object.spec);
  const namespace = namespaceOf(object) ?? "";
  const kind = object.kind as RouteKind;
  const attachments: Attachment[] = [];
  const rules = spec.rules === undefined && kind === "HTTPRoute" ? [{}] : fieldsList(spec.rules);
  return {
    ref: refOf(object),
    sourced,
    kind,
    namespace,
    name: object.metadata.name,
    hostnames: textList(spec.hostnames)
      .filter((name) => !isUnknown(name))
      .map((name) => name.toLowerCase()),
    parents: fieldsList(spec.parentRefs).map((raw, index) => readParent(raw, index, namespace, objects, parents)),
    rules: rules.map((raw, index) => readRule(raw, index, kind, namespace, backends)),
    attachments,
    created: text(object.metadata.creationTimestamp) ?? "",
  };
}

function readParent(raw: Fields, index: number, namespace: string, objects: ObjectIndex, parents: Parents): ParentRef {
  const ref = {
    group: text(raw.group) ?? GATEWAY_GROUP,
    kind: text(raw.kind) ?? "Gateway",
    namespace: text(raw.namespace) ?? namespace,
    name: text(raw.name) ?? "",
  };
  const at = `${ref.namespace}/${ref.name}`;
  const found = (): { target: ParentRef["target"]; state: Lookup["state"] } => {
    if (ref.group === GATEWAY_GROUP && ref.kind === "Gateway") {
      return { target: parents.gateways.get(at), state: objects.lookup(KINDS.gateway, ref.namespace, ref.name).state };
    }
    if (ref.group === GATEWAY_GROUP && ref.kind === "ListenerSet") {
      const { state } = objects.lookup(KINDS.listenerSet, ref.namespace, ref.name);
      return { target: parents.listenerSets.get(at), state };
    }
    return { target: "other", state: "found" };
  };
  const { target, state } = found();
  return {
    ...ref,
    index,
    sectionName: text(raw.sectionName) || undefined,
    port: port(raw.port),
    target,
    undecided: state === "unknown",
  };
}

function readRule(
  raw: Fields,
  index: number,
  kind: RouteKind,
  namespace: string,
  backends: BackendResolver,
): RouteRule {
  const matches = fieldsList(raw.matches);
  return {
    index,
    name: text(raw.name),
    matches: kind === "HTTPRoute" ? (matches.length > 0 ? matches : [{}]).map(readMatch) : [],
    filters: fieldsList(raw.filters),
    backends: fieldsList(raw.backendRefs).map((ref, i) => readBackend(ref, i, kind, namespace, backends)),
    raw,
  };
}

/** A backendRef of a route's rule, or of one of its filters. */
export function readBackend(
  raw: Fields,
  index: number,
  routeKind: string,
  namespace: string,
  backends: BackendResolver,
): BackendRef {
  const ref = {
    group: text(raw.group) ?? "",
    kind: text(raw.kind) ?? "Service",
    namespace: text(raw.namespace) ?? namespace,
    name: text(raw.name) ?? "",
    port: port(raw.port),
  };
  return {
    ...ref,
    index,
    weight: number(raw.weight) ?? 1,
    filters: fieldsList(raw.filters),
    resolution: backends.resolve({ group: GATEWAY_GROUP, kind: routeKind, namespace }, ref),
  };
}

function readMatch(raw: Fields): HttpMatch {
  const path = fields(raw.path);
  return {
    path: { type: text(path.type) ?? "PathPrefix", value: text(path.value) ?? "/" },
    headers: fieldsList(raw.headers).map(readNameMatch),
    queryParams: fieldsList(raw.queryParams).map(readNameMatch),
    method: text(raw.method),
  };
}

function readNameMatch(raw: Fields): HttpNameMatch {
  return { type: text(raw.type) ?? "Exact", name: text(raw.name) ?? "", value: text(raw.value) ?? "" };
}
