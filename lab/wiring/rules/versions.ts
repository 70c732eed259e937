import semver from "semver";
import { fields, fieldsAt, fieldsList, text, textMap } from "../../manifests/fields.ts";
import { refOf, type Sourced, versionOf } from "../../manifests/object.ts";
import { KINDS } from "../../manifests/object-index.ts";
import { GATEWAY_GROUP } from "../../topology/certificate-refs.ts";
import { isMeshGateway } from "../../topology/mesh.ts";
import type { Topology } from "../../topology/model.ts";
import { error, type Finding } from "../finding.ts";
import { misplaced } from "../kind-homes.ts";
import { listed } from "../names.ts";
import { type Bundle, LATEST_BUNDLE, servedVersions } from "../served-versions.ts";

const BUNDLE_VERSION = "gateway.networking.k8s.io/bundle-version";
const CHANNEL = "gateway.networking.k8s.io/channel";

/**
 * The oldest bundle whose CRDs Istio (1.31) reads, by kind; older ones are left aside without a word.
 * @see istio/istio pkg/config/schema/gatewayapi/minimumversions.go
 */
const ISTIO_NEEDS: Readonly<Record<string, string>> = {
  GRPCRoute: "1.1.0",
  BackendTLSPolicy: "1.4.0",
  TLSRoute: "1.5.0",
  TCPRoute: "1.6.0",
};

/** The bundle each NGINX Gateway Fabric minor is made for. @see its README, "Technical Specifications" */
const NGF_NEEDS: Readonly<Record<string, string>> = { "2.5": "1.4.1", "2.6": "1.5.1", "2.7": "1.6.1" };

/** W32 and W33: one bundle of Gateway API CRDs, new enough for the controllers, that serves what the manifests use. */
export function versions(topology: Topology): Finding[] {
  const crds = topology.objects
    .all(KINDS.crd)
    .filter(
      ({ object }) =>
        text(fields(object.spec).group) === GATEWAY_GROUP || object.metadata.name.endsWith(`.${GATEWAY_GROUP}`),
    );
  const bundle = bundleOf(crds[0]) ?? topology.known.gatewayApi;
  return [
    ...mixedBundles(crds),
    ...unserved(topology, crds, bundle),
    ...nowhereServed(topology),
    ...tooOld(topology, bundle),
  ];
}

/** W33 for kinds and versions that no cluster has. */
function nowhereServed({ objects }: Topology): Finding[] {
  return objects.objects.flatMap(({ object }) => {
    const { apiVersion, kind } = object;
    const home = misplaced(apiVersion, kind);
    if (home === undefined) return [];
    const message = `apiVersion ${apiVersion} has no ${kind}: "no matches for kind"`;
    const sets = [
      ...(home.apiVersions.includes(apiVersion) ? [] : [`apiVersion: ${home.apiVersions[0]}`]),
      ...(home.kind === kind ? [] : [`kind: ${home.kind}`]),
    ];
    return [
      error("W33", { from: refOf(object), to: null, message, fix: `set ${sets.join(", ")}`, path: "/apiVersion" }),
    ];
  });
}

function bundleOf(crd: Sourced | undefined): Bundle | undefined {
  const annotations = textMap(crd?.object.metadata.annotations);
  const version = semver.coerce(annotations[BUNDLE_VERSION])?.version;
  if (version === undefined) return undefined;
  return { version, channel: annotations[CHANNEL] === "experimental" ? "experimental" : "standard" };
}

function mixedBundles(crds: readonly Sourced[]): Finding[] {
  const [first, ...others] = crds;
  const expected = bundleOf(first);
  if (first === undefined || expected === undefined) return [];
  return others.flatMap((crd) => {
    const bundle = bundleOf(crd);
    if (bundle === undefined || (bundle.version === expected.version && bundle.channel === expected.channel)) return [];
    const message = `is of bundle ${shown(bundle)}, but ${first.object.metadata.name} is of ${shown(expected)}: a cluster has one bundle and one channel`;
    const fix = `take every Gateway API CRD from the release v${expected.version}, channel ${expected.channel}`;
    return [error("W32", { from: refOf(crd.object), to: refOf(first.object), message, fix })];
  });
}

function shown({ version, channel }: Bundle): string {
  return `v${version} (${channel})`;
}

/** W33: by the CRDs in the set, else by what the known (or the newest) bundle serves. */
function unserved({ objects }: Topology, crds: readonly Sourced[], known: Bundle | undefined): Finding[] {
  const inSet = new Map(crds.map((crd) => [text(fieldsAt(crd.object, "spec", "names").kind) ?? "", crd]));
  return objects.objects.flatMap(({ object }) => {
    if (!object.apiVersion.startsWith(`${GATEWAY_GROUP}/`)) return [];
    const crd = inSet.get(object.kind);
    const versionsOfCrd = crd === undefined ? [] : fieldsList(fields(crd.object.spec).versions);
    const bundle = known ?? LATEST_BUNDLE;
    const served =
      versionsOfCrd.length > 0
        ? versionsOfCrd.filter((version) => version.served === true).map(({ name }) => text(name) ?? "")
        : servedVersions(object.kind, bundle);
    const version = versionOf(object.apiVersion);
    if (served === undefined || served.includes(version)) return [];
    const by = versionsOfCrd.length > 0 ? "its CRD" : `the bundle ${shown(bundle)}`;
    const message = `apiVersion ${object.apiVersion} is not served by ${by}, which serves ${listed(served, `no ${object.kind}`)}: "no matches for kind"`;
    const fix =
      served[0] === undefined
        ? `install a bundle that has ${object.kind}`
        : `set apiVersion: ${GATEWAY_GROUP}/${served[0]}`;
    return [
      error("W33", {
        from: refOf(object),
        to: crd === undefined ? null : refOf(crd.object),
        message,
        fix,
        path: "/apiVersion",
      }),
    ];
  });
}

/** W32: controllers pass over kinds of a bundle that is too old for them. */
function tooOld({ objects, gateways, known }: Topology, bundle: Bundle | undefined): Finding[] {
  if (bundle === undefined) return [];
  const istio = known.products?.istio;
  const istioReads =
    istio === undefined ? gateways.some(isMeshGateway) : semver.gte(semver.coerce(istio) ?? "0.0.0", "1.30.0");
  const findings: Finding[] = [];
  const told = new Set<string>();
  for (const { object } of objects.objects) {
    const needs = object.apiVersion.startsWith(`${GATEWAY_GROUP}/`) ? ISTIO_NEEDS[object.kind] : undefined;
    if (!istioReads || needs === undefined || told.has(object.kind) || semver.gte(bundle.version, needs)) continue;
    told.add(object.kind);
    const message = `Istio reads ${object.kind}s only from bundle v${needs} on, the cluster's is ${shown(bundle)}: it will get no status`;
    findings.push(
      error("W32", { from: refOf(object), to: null, message, fix: `install Gateway API v${needs} or later` }),
    );
  }
  const ngf = semver.coerce(known.products?.["nginx-gateway-fabric"]);
  const needs = ngf === null ? undefined : NGF_NEEDS[`${ngf.major}.${ngf.minor}`];
  const [gateway] = gateways.filter(({ className }) => className === "nginx");
  if (needs !== undefined && gateway !== undefined && semver.lt(bundle.version, needs)) {
    const message = `NGINX Gateway Fabric ${ngf?.version} is made for Gateway API v${needs}, the cluster's bundle is ${shown(bundle)}`;
    findings.push(error("W32", { from: gateway.ref, to: null, message, fix: `install Gateway API v${needs}` }));
  }
  return findings;
}
