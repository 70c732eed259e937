import { type Fields, fields, fieldsAt, fieldsList, text } from "../../lab/manifests/fields.ts";
import { formatRef, type KubeObject, refOf, type Sourced } from "../../lab/manifests/object.ts";
import type { Known } from "../../lab/topology/known.ts";
import type { Topology } from "../../lab/topology/model.ts";
import { podReferences } from "../../lab/topology/pod-references.ts";
import { buildTopology } from "../../lab/topology/topology.ts";

/** A set of objects with one wire broken, and the rules of which at least one must then name it. */
export interface Mutation {
  readonly name: string;
  readonly objects: readonly Sourced[];
  readonly expectedRules: readonly string[];
}

type Break = (object: KubeObject) => unknown;
type Found = (name: string, broken: readonly Sourced[], ...expectedRules: string[]) => Mutation;

/**
 * Every way to break one wire of a set: names changed, objects dropped or moved, ports and hosts set wrong. Only breaks
 * that matter are made: an object that nothing refers to may go.
 */
export function mutations(objects: readonly Sourced[], known: Known): Mutation[] {
  const topology = buildTopology(objects, known);
  const found: Found = (name, broken, ...expectedRules) => ({ name, objects: broken, expectedRules });
  const set = new MutableSet(objects);
  return [
    ...routes(topology, set, found),
    ...gateways(topology, set, found),
    ...services(topology, set, found),
    ...workloads(topology, set, found),
    ...certificates(topology, set, found),
    ...ingresses(topology, set, found),
    ...grants(topology, set, found),
    ...fieldNames(topology, set, found),
  ];
}

/** Copies of a set in which one object is another. */
class MutableSet {
  readonly #objects: readonly Sourced[];

  constructor(objects: readonly Sourced[]) {
    this.#objects = objects;
  }

  without(sourced: Sourced): Sourced[] {
    return this.#objects.filter((other) => other !== sourced);
  }

  changed(sourced: Sourced, change: Break): Sourced[] {
    const object = structuredClone(sourced.object);
    change(object);
    return this.#objects.map((other) => (other === sourced ? { ...other, object } : other));
  }
}

const spec = (object: KubeObject): Fields => fields(object.spec);
const nth = (list: unknown, index: number): Fields => fieldsList(list)[index] ?? {};
const FOREIGN_HOST = "nowhere.invalid";
const NO_NAME = "does-not-exist-anywhere";

function routes({ routes }: Topology, set: MutableSet, found: Found): Mutation[] {
  return routes.flatMap(({ sourced, ref, kind, parents, rules, attachments }) => {
    const name = formatRef(ref);
    const change = (what: string, by: Break, ...expected: string[]) =>
      found(`${name}: ${what}`, set.changed(sourced, by), ...expected);
    const mutants = parents.flatMap(({ index, sectionName, target }) => {
      const parent = (object: KubeObject) => nth(spec(object).parentRefs, index);
      if (target === undefined || target === "other") return [];
      return [
        change("parent renamed", (o) => Object.assign(parent(o), { name: NO_NAME }), "W17"),
        change("parent in another namespace", (o) => Object.assign(parent(o), { namespace: NO_NAME }), "W17"),
        ...(sectionName === undefined
          ? []
          : [change("sectionName renamed", (o) => Object.assign(parent(o), { sectionName: NO_NAME }), "W18")]),
        change("port of no listener", (o) => Object.assign(parent(o), { port: 1 }), "W18"),
      ];
    });
    const listeners = attachments.filter(({ accepted }) => accepted).map(({ listener }) => listener);
    if (listeners.length > 0 && listeners.every(({ hostname }) => hostname !== undefined)) {
      mutants.push(change("foreign hostname", (o) => Object.assign(spec(o), { hostnames: [FOREIGN_HOST] }), "W21"));
    }
    for (const rule of rules) {
      for (const { index, resolution } of rule.backends) {
        if (resolution.reason !== undefined || resolution.service === undefined) continue;
        const backend = (object: KubeObject) => nth(nth(spec(object).rules, rule.index).backendRefs, index);
        mutants.push(
          change("backend renamed", (o) => Object.assign(backend(o), { name: NO_NAME }), "W25"),
          change("backend's port wrong", (o) => Object.assign(backend(o), { port: 1 }), "W26"),
          change("backend without port", (o) => delete backend(o).port, "W26"),
          change("backend in another namespace", (o) => Object.assign(backend(o), { namespace: NO_NAME }), "W27"),
          change("backend of another kind", (o) => Object.assign(backend(o), { kind: "ConfigMap" }), "W24"),
        );
      }
      if (kind === "HTTPRoute") {
        const matches = [{ path: { type: "PathPrefix", value: "no-slash" } }];
        mutants.push(
          change("path without slash", (o) => Object.assign(nth(spec(o).rules, rule.index), { matches }), "W30"),
        );
      }
    }
    if (kind === "TLSRoute") mutants.push(change("no hostnames", (o) => delete spec(o).hostnames, "W22"));
    return mutants;
  });
}

function gateways({ gateways }: Topology, set: MutableSet, found: Found): Mutation[] {
  return gateways.flatMap((gateway) => {
    const { sourced, ref, listeners } = gateway;
    const name = formatRef(ref);
    const change = (what: string, by: Break, ...expected: string[]) =>
      found(`${name}: ${what}`, set.changed(sourced, by), ...expected);
    const own = listeners.filter((listener) => listener.owner.sourced === sourced);
    const attached = own.some((listener) => listener.attachments.length > 0);
    return [
      change("class renamed", (o) => Object.assign(spec(o), { gatewayClassName: NO_NAME }), "W1"),
      ...(attached ? [found(`${name}: dropped`, set.without(sourced), "W17")] : []),
      ...(attached ? [change("moved", (o) => Object.assign(o.metadata, { namespace: NO_NAME }), "W17")] : []),
      ...own.flatMap((listener) => {
        const at = (object: KubeObject) => nth(spec(object).listeners, listener.index);
        const named = listener.attachments.some(({ parent }) => parent.sectionName === listener.name);
        const hosted = listener.attachments.some(({ route }) => route.hostnames.length > 0);
        const isTls = listener.protocol === "HTTPS" || listener.protocol === "TLS";
        const of = `listener ${listener.name}`;
        return [
          change(`${of}: port out of range`, (o) => Object.assign(at(o), { port: 0 }), "W9"),
          ...(named ? [change(`${of}: renamed`, (o) => Object.assign(at(o), { name: "renamed" }), "W18")] : []),
          ...(hosted
            ? [change(`${of}: foreign hostname`, (o) => Object.assign(at(o), { hostname: FOREIGN_HOST }), "W21", "W20")]
            : []),
          ...(isTls ? [change(`${of}: TLS forgotten`, (o) => delete at(o).tls, "W8", "W6")] : []),
          ...(isTls
            ? []
            : [
                change(
                  `${of}: TLS on ${listener.protocol}`,
                  (o) => Object.assign(at(o), { tls: { mode: "Terminate" } }),
                  "W4",
                ),
              ]),
          ...(listener.tls?.mode === "Terminate" && listener.tls.certificates.length > 0
            ? [
                change(
                  `${of}: Secret renamed`,
                  (o) => Object.assign(nth(fields(at(o).tls).certificateRefs, 0), { name: NO_NAME }),
                  "W12",
                  "W13",
                ),
              ]
            : []),
          ...(listener.attachments.some(({ route }) => route.namespace !== listener.namespace)
            ? [change(`${of}: only its own namespace`, (o) => delete at(o).allowedRoutes, "W15")]
            : []),
        ];
      }),
    ];
  });
}

function services(topology: Topology, set: MutableSet, found: Found): Mutation[] {
  const byRoute = new Set(
    topology.routes.flatMap(({ rules }) => rules.flatMap(({ backends }) => backends.map((b) => b.resolution.service))),
  );
  const byIngress = new Set(
    topology.ingresses.flatMap(({ rules }) =>
      rules.flatMap(({ paths }) => paths.map(({ backend }) => backend.resolution.service)),
    ),
  );
  return topology.services.flatMap((service) => {
    const { sourced, ref, selector, workloads, ports } = service;
    const name = formatRef(ref);
    const change = (what: string, by: Break, ...expected: string[]) =>
      found(`${name}: ${what}`, set.changed(sourced, by), ...expected);
    const gone = [...(byRoute.has(service) ? ["W25"] : []), ...(byIngress.has(service) ? ["I2"] : [])];
    const wrongPort = [...(byRoute.has(service) ? ["W26"] : []), ...(byIngress.has(service) ? ["I2"] : [])];
    const [key] = Object.keys(selector ?? {});
    const declared = workloads.some(({ containers }) => containers.some((container) => container.ports.length > 0));
    return [
      ...(gone.length === 0
        ? []
        : [
            found(`${name}: dropped`, set.without(sourced), ...gone),
            change("renamed", (o) => Object.assign(o.metadata, { name: NO_NAME }), ...gone),
            change("moved", (o) => Object.assign(o.metadata, { namespace: NO_NAME }), ...gone),
            change("ports changed", (o) => Object.assign(spec(o), { ports: [{ port: 1 }] }), ...wrongPort),
          ]),
      ...(key === undefined || workloads.length === 0
        ? []
        : [change("selector changed", (o) => Object.assign(fields(spec(o).selector), { [key]: NO_NAME }), "W29")]),
      ...(declared && ports.length > 0
        ? [change("targetPort wrong", (o) => Object.assign(nth(spec(o).ports, 0), { targetPort: 1 }), "W29")]
        : []),
    ];
  });
}

function workloads({ services, workloads }: Topology, set: MutableSet, found: Found): Mutation[] {
  const needed = (name: string) =>
    services.some((service) => service.workloads.length === 1 && service.workloads[0]?.name === name);
  return workloads.flatMap((workload) => {
    const { sourced, ref, name: own } = workload;
    const name = formatRef(ref);
    const pod = (object: KubeObject) =>
      object.kind === "Pod" ? object.metadata : fieldsAt(object, "spec", "template", "metadata");
    const missing = podReferences(workload).map(() => "W37");
    const change = (what: string, by: Break, ...expected: string[]) =>
      found(`${name}: ${what}`, set.changed(sourced, by), ...expected);
    return needed(own)
      ? [
          found(`${name}: dropped`, set.without(sourced), "W29"),
          change("labels changed", (o) => Object.assign(pod(o), { labels: { app: NO_NAME } }), "W29"),
          change("moved", (o) => Object.assign(o.metadata, { namespace: NO_NAME }), "W29", ...missing),
        ]
      : [];
  });
}

function certificates(topology: Topology, set: MutableSet, found: Found): Mutation[] {
  const needs = new Set<string>();
  for (const { listeners } of topology.gateways) {
    for (const { tls } of listeners)
      for (const { namespace, name } of tls?.certificates ?? []) needs.add(`${namespace}/${name}`);
  }
  for (const workload of topology.workloads) {
    for (const { kind, name } of podReferences(workload))
      if (kind === "Secret") needs.add(`${workload.namespace}/${name}`);
  }
  for (const { namespace, tls } of topology.ingresses)
    for (const { secretName } of tls) needs.add(`${namespace}/${secretName}`);
  for (const { source } of topology.issuers)
    if (source.type === "ca") needs.add(`${source.secretNamespace}/${source.secretName}`);
  const gone = ["W12", "W36", "W37", "I3"];
  const explicit = topology.certificates.filter(({ madeFor }) => madeFor === undefined);
  const mutants = explicit.flatMap(({ sourced, ref, namespace, secretName }) => {
    const name = formatRef(ref);
    const change = (what: string, by: Break, ...expected: string[]) =>
      found(`${name}: ${what}`, set.changed(sourced, by), ...expected);
    return [
      change("issuer renamed", (o) => Object.assign(fields(spec(o).issuerRef), { name: NO_NAME }), "W36"),
      ...(needs.has(`${namespace}/${secretName}`)
        ? [
            found(`${name}: dropped`, set.without(sourced), ...gone),
            change("Secret renamed", (o) => Object.assign(spec(o), { secretName: NO_NAME }), ...gone),
            change("moved", (o) => Object.assign(o.metadata, { namespace: NO_NAME }), ...gone),
          ]
        : []),
    ];
  });
  for (const { sourced, ref, source } of topology.issuers) {
    const name = formatRef(ref);
    if (explicit.some(({ issuer }) => issuer?.sourced === sourced))
      mutants.push(found(`${name}: dropped`, set.without(sourced), "W36"));
    if (source.type === "ca") {
      mutants.push(
        found(
          `${name}: CA renamed`,
          set.changed(sourced, (o) => Object.assign(fields(spec(o).ca), { secretName: NO_NAME })),
          "W36",
        ),
      );
    }
    if (source.type !== "vault") continue;
    const { auth } = source.vault;
    const account = (object: KubeObject) =>
      fieldsAt(object, "spec", "vault", "auth", "kubernetes", "serviceAccountRef");
    if (auth?.serviceAccount !== undefined) {
      mutants.push(
        found(
          `${name}: account renamed`,
          set.changed(sourced, (o) => Object.assign(account(o), { name: NO_NAME })),
          "W36",
        ),
      );
    }
    if (topology.known.vault !== undefined) {
      const path = `${source.vault.mount}/sign/${NO_NAME}`;
      mutants.push(
        found(
          `${name}: role renamed`,
          set.changed(sourced, (o) => Object.assign(fields(spec(o).vault), { path })),
          "W36",
        ),
      );
    }
  }
  return [...mutants, ...rights(topology, set, found)];
}

/** What lets cert-manager log in to Vault; an object of the same name in the same namespace does not help. */
function rights({ objects, issuers }: Topology, set: MutableSet, found: Found): Mutation[] {
  const accounts = issuers.flatMap(({ source }) =>
    source.type === "vault" ? (source.vault.auth?.serviceAccount ?? []) : [],
  );
  const names = new Set(accounts.map(({ namespace, name }) => `${namespace}/${name}`));
  const grants = (object: KubeObject) =>
    fieldsList(object.rules).some((rule) => JSON.stringify(rule.resources ?? []).includes("serviceaccounts/token"));
  const roles = objects.objects.filter(({ object }) => object.kind === "Role" && grants(object));
  const used = (object: KubeObject) =>
    roles.some(
      ({ object: role }) =>
        role.metadata.namespace === object.metadata.namespace &&
        fieldsAt(object, "roleRef").name === role.metadata.name,
    );
  return objects.objects
    .filter(({ object }) => {
      const { kind, metadata } = object;
      if (kind === "ServiceAccount") return names.has(`${metadata.namespace ?? "default"}/${metadata.name}`);
      const here = accounts.some(({ namespace }) => namespace === (metadata.namespace ?? "default"));
      return here && ((kind === "Role" && grants(object)) || (kind === "RoleBinding" && used(object)));
    })
    .map((sourced) => found(`${formatRef(refOf(sourced.object))}: dropped`, set.without(sourced), "W36"));
}

function ingresses({ ingresses }: Topology, set: MutableSet, found: Found): Mutation[] {
  return ingresses.flatMap(({ sourced, ref, rules, tls, className, sslPassthrough }) => {
    const name = formatRef(ref);
    const change = (what: string, by: Break, ...expected: string[]) =>
      found(`${name}: ${what}`, set.changed(sourced, by), ...expected);
    const service = (object: KubeObject, rule: number, path: number) =>
      fieldsAt(nth(fields(nth(spec(object).rules, rule).http).paths, path), "backend", "service");
    return [
      ...(className === undefined
        ? []
        : [change("class renamed", (o) => Object.assign(spec(o), { ingressClassName: NO_NAME }), "I1")]),
      ...rules.flatMap((rule) =>
        rule.paths.flatMap((path) => [
          change("backend renamed", (o) => Object.assign(service(o, rule.index, path.index), { name: NO_NAME }), "I2"),
          change(
            "backend's port wrong",
            (o) => Object.assign(service(o, rule.index, path.index), { port: { number: 1 } }),
            "I2",
          ),
        ]),
      ),
      ...(tls.some(({ certificate }) => certificate !== undefined) && !sslPassthrough
        ? [change("Secret renamed", (o) => Object.assign(nth(spec(o).tls, 0), { secretName: NO_NAME }), "I3")]
        : []),
    ];
  });
}

function grants({ objects, routes, gateways }: Topology, set: MutableSet, found: Found): Mutation[] {
  const crossing = new Set([
    ...routes.flatMap(({ namespace, rules }) =>
      rules.flatMap(({ backends }) => backends.filter((b) => b.namespace !== namespace).map((b) => b.namespace)),
    ),
    ...gateways.flatMap(({ namespace, listeners }) =>
      listeners.flatMap(({ tls }) =>
        (tls?.certificates ?? []).filter((c) => c.namespace !== namespace).map((c) => c.namespace),
      ),
    ),
  ]);
  return objects.objects
    .filter(({ object }) => object.kind === "ReferenceGrant" && crossing.has(object.metadata.namespace ?? "default"))
    .map((sourced) => found(`${formatRef(refOf(sourced.object))}: dropped`, set.without(sourced), "W13", "W27"));
}

/** A misspelt field of every object whose spec has one. */
function fieldNames({ objects }: Topology, set: MutableSet, found: Found): Mutation[] {
  const known = /^(v1|apps\/v1|networking\.k8s\.io\/v1|gateway\.networking\.k8s\.io\/v1|cert-manager\.io\/v1)$/;
  return objects.objects
    .filter(({ object }) => known.test(object.apiVersion) && Object.keys(spec(object)).length > 0)
    .map((sourced) => {
      const broken = set.changed(sourced, (o) => Object.assign(spec(o), { misspeltField: text(o.kind) }));
      return found(`${formatRef(refOf(sourced.object))}: misspelt field`, broken, "SCHEMA");
    });
}
