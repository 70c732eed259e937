import { type Fields, fields, fieldsAt, fieldsList, text, textMap } from "../manifests/fields.ts";
import { namespaceOf, refOf, type Sourced } from "../manifests/object.ts";
import { KINDS, type ObjectIndex } from "../manifests/object-index.ts";
import { isUnknown } from "../manifests/unknown.ts";
import { type CertificateResolver, GATEWAY_GROUP } from "./certificate-refs.ts";
import type {
  AllowedRoutes,
  Attachment,
  Gateway,
  GroupKind,
  Listener,
  ListenerSet,
  ListenerTls,
  OfObject,
} from "./model.ts";
import { allowedNamespaces, type Labels, namespaceAllowed } from "./namespaces.ts";
import { hostname, port } from "./values.ts";

export interface Listeners {
  readonly gateways: readonly Gateway[];
  readonly listenerSets: readonly ListenerSet[];
}

/** The Gateways and ListenerSets of a set, defaults applied, certificate references resolved, no route attached yet. */
export function readListeners(
  objects: ObjectIndex,
  labels: ReadonlyMap<string, Labels>,
  resolver: CertificateResolver,
): Listeners {
  const gateways = new Map<string, Gateway & { listeners: Listener[] }>();
  for (const sourced of objects.all(KINDS.gateway)) {
    const gateway = readGateway(sourced);
    gateways.set(`${gateway.namespace}/${gateway.name}`, gateway);
    gateway.listeners.push(...listenersOf(gateway, sourced, gateway, resolver));
  }
  const listenerSets = objects.all(KINDS.listenerSet).map((sourced): ListenerSet => {
    const owner = ownerOf(sourced);
    const parentRef = fieldsAt(sourced.object.spec, "parentRef");
    const parent = { namespace: text(parentRef.namespace) ?? owner.namespace, name: text(parentRef.name) ?? "" };
    const gateway = gateways.get(`${parent.namespace}/${parent.name}`);
    const allowed = allowedNamespaces(fieldsAt(gateway?.sourced.object.spec, "allowedListeners"), "None");
    const accepted =
      gateway !== undefined && namespaceAllowed(allowed, gateway.namespace, owner.namespace, objects, labels);
    const listeners = listenersOf(owner, sourced, accepted ? gateway : undefined, resolver);
    if (accepted) gateway.listeners.push(...listeners);
    return { ...owner, parent, gateway, accepted, listeners };
  });
  return { gateways: [...gateways.values()], listenerSets };
}

function ownerOf(sourced: Sourced): OfObject & { namespace: string; name: string } {
  const { object } = sourced;
  return { ref: refOf(object), sourced, namespace: namespaceOf(object) ?? "", name: object.metadata.name };
}

function readGateway(sourced: Sourced): Gateway & { listeners: Listener[] } {
  const { metadata } = sourced.object;
  const spec = fields(sourced.object.spec);
  return {
    ...ownerOf(sourced),
    className: text(spec.gatewayClassName),
    listeners: [],
    addresses: fieldsList(spec.addresses).map((address) => text(address.value) ?? ""),
    labels: textMap(metadata.labels),
    annotations: textMap(metadata.annotations),
  };
}

function listenersOf(
  owner: OfObject & { namespace: string; name: string },
  sourced: Sourced,
  gateway: Gateway | undefined,
  resolver: CertificateResolver,
): Listener[] {
  return fieldsList(fieldsAt(sourced.object, "spec").listeners).map((raw, index) => {
    const attachments: Attachment[] = [];
    const name = text(raw.name) ?? "";
    return {
      id: `${owner.ref.kind}/${owner.namespace}/${owner.name}/${name === "" ? index : name}`,
      gateway,
      owner: { ref: owner.ref, sourced },
      namespace: owner.namespace,
      index,
      name,
      protocol: text(raw.protocol) ?? "",
      port: port(raw.port),
      hostname: isUnknown(raw.hostname) ? undefined : hostname(raw.hostname),
      tls: raw.tls === undefined ? undefined : readTls(fields(raw.tls), owner, resolver),
      allowed: readAllowed(fields(raw.allowedRoutes)),
      raw,
      attachments,
    };
  });
}

function readTls(
  tls: Fields,
  owner: OfObject & { namespace: string; name: string },
  resolver: CertificateResolver,
): ListenerTls {
  const mode = text(tls.mode);
  const from = { group: GATEWAY_GROUP, kind: owner.ref.kind, namespace: owner.namespace };
  return {
    mode: mode === undefined || mode === "" ? "Terminate" : mode,
    modeGiven: mode !== undefined && mode !== "",
    certificates: fieldsList(tls.certificateRefs).map((ref) => {
      const target = {
        group: text(ref.group) ?? "",
        kind: text(ref.kind) ?? "Secret",
        namespace: text(ref.namespace) ?? owner.namespace,
        name: text(ref.name) ?? "",
      };
      return { ...target, resolution: resolver.resolve(from, target) };
    }),
    options: textMap(tls.options),
  };
}

function readAllowed(allowedRoutes: Fields): AllowedRoutes {
  const kinds = fieldsList(allowedRoutes.kinds).map(
    (kind): GroupKind => ({ group: text(kind.group) ?? GATEWAY_GROUP, kind: text(kind.kind) ?? "" }),
  );
  return { ...allowedNamespaces(allowedRoutes, "Same"), kinds: kinds.length > 0 ? kinds : undefined };
}
