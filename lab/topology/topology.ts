import type { Sourced } from "../manifests/object.ts";
import { ObjectIndex } from "../manifests/object-index.ts";
import { attachRoutes } from "./attachment.ts";
import { BackendResolver } from "./backends.ts";
import { CertificateResolver } from "./certificate-refs.ts";
import { CertificateAuthority } from "./certificates.ts";
import { ReferenceGrants } from "./grants.ts";
import { drawGraph } from "./graph.ts";
import { readIngresses } from "./ingresses.ts";
import { ASSUMED, type Known } from "./known.ts";
import { readListeners } from "./listeners.ts";
import type { Topology } from "./model.ts";
import { namespaceLabels } from "./namespaces.ts";
import { readRoutes } from "./routes.ts";
import { readServices, readWorkloads } from "./services.ts";

/**
 * Builds the one model of traffic and certificates from Kubernetes objects. Never throws on odd objects: a field of
 * the wrong type reads as absent, and the schema check reports it.
 */
export function buildTopology(given: readonly Sourced[], known: Known = ASSUMED): Topology {
  const objects = new ObjectIndex(given);
  const labels = namespaceLabels(objects);
  const grants = new ReferenceGrants(objects);
  const certificateRefs = new CertificateResolver(objects, grants, known.provided);
  const { certificates, issuers } = new CertificateAuthority(objects, known, certificateRefs);
  const { gateways, listenerSets } = readListeners(objects, labels, certificateRefs);
  const workloads = readWorkloads(objects, labels);
  const services = readServices(objects, workloads);
  const backends = new BackendResolver(objects, grants, services, known.provided);
  const routes = readRoutes(objects, { gateways: byName(gateways), listenerSets: byName(listenerSets) }, backends);
  attachRoutes(routes, objects, labels);
  const ingresses = readIngresses(objects, backends, certificateRefs);
  const model = {
    objects,
    known,
    gateways,
    listenerSets,
    routes,
    ingresses,
    services,
    workloads,
    certificates,
    issuers,
    namespaceLabels: labels,
    grants,
    backends,
    certificateRefs,
  };
  return { ...model, ...drawGraph(model) };
}

function byName<T extends { namespace: string; name: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [`${item.namespace}/${item.name}`, item]));
}
