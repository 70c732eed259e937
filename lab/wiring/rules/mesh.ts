import { fieldsAt, textMap } from "../../manifests/fields.ts";
import { type KubeObject, namespaceOf, type Ref, refOf } from "../../manifests/object.ts";
import { KINDS } from "../../manifests/object-index.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import { isMeshGateway, isWaypoint } from "../../topology/mesh.ts";
import type { Gateway, Topology } from "../../topology/model.ts";
import { error, type Finding, warning } from "../finding.ts";
import { listed } from "../names.ts";

const DATAPLANE_MODE = "istio.io/dataplane-mode";
const USE_WAYPOINT = "istio.io/use-waypoint";
const WAYPOINT_NAMESPACE = "istio.io/use-waypoint-namespace";
const INGRESS_USE_WAYPOINT = "istio.io/ingress-use-waypoint";

/**
 * W34: waypoints that are asked for exist, and namespaces are in the ambient mesh as far as they should be.
 * @see https://istio.io/latest/docs/ambient/usage/waypoint/ and …/usage/add-workloads/
 */
export function mesh(topology: Topology): Finding[] {
  return [...waypoints(topology), ...outsideMesh(topology), ...gatewaysInMesh(topology.gateways, topology)];
}

function waypoints(topology: Topology): Finding[] {
  const { objects, gateways } = topology;
  const services = routedServices(topology);
  const routed = new Set(services.map(({ namespace, name }) => `${namespace}/${name}`));
  const routedNamespaces = new Set(services.map(({ namespace }) => namespace));
  const users = [KINDS.namespace, KINDS.service, KINDS.deployment, KINDS.statefulSet, KINDS.daemonSet, KINDS.pod];
  return users
    .flatMap((kind) => objects.all(kind))
    .flatMap(({ object }): Finding[] => {
      const labels = waypointLabels(object);
      const name = labels[USE_WAYPOINT];
      if (name === undefined || name === "none" || isUnknown(name)) return [];
      const own = object.kind === "Namespace" ? object.metadata.name : namespaceOf(object);
      const namespace = labels[WAYPOINT_NAMESPACE] ?? own ?? "";
      const to: Ref = { kind: "Gateway", namespace, name };
      const from = refOf(object);
      const gateway = gateways.find((g) => g.namespace === namespace && g.name === name);
      if (gateway === undefined) {
        if (objects.lookup(KINDS.gateway, namespace, name).state === "unknown") return [];
        const message = `label ${USE_WAYPOINT}: ${name} names no Gateway of namespace ${namespace}`;
        const fix = `add Gateway ${namespace}/${name} with gatewayClassName: istio-waypoint and a listener { name: mesh, port: 15008, protocol: HBONE }`;
        return [error("W34", { from, to, message, fix })];
      }
      if (!isWaypoint(gateway)) {
        const message = `label ${USE_WAYPOINT}: ${name} names a Gateway of class ${gateway.className}, which is no waypoint`;
        return [error("W34", { from, to, message, fix: "set gatewayClassName: istio-waypoint" })];
      }
      const reached =
        object.kind === "Namespace" ? routedNamespaces.has(own ?? "") : routed.has(`${own}/${object.metadata.name}`);
      if (!reached || labels[INGRESS_USE_WAYPOINT] === "true") return [];
      const message = `uses waypoint ${namespace}/${name}, but requests from the ingress Gateway go past it`;
      return [warning("W34", { from, to, message, fix: `add the label ${INGRESS_USE_WAYPOINT}: "true"` })];
    });
}

function waypointLabels(object: KubeObject): Record<string, string> {
  const template = fieldsAt(object, "spec", "template", "metadata");
  return { ...textMap(template.labels), ...textMap(object.metadata.labels) };
}

/** The Services that routes reach through an Istio ingress Gateway. */
function routedServices({ routes }: Topology): { namespace: string; name: string }[] {
  return routes
    .filter(({ attachments }) =>
      attachments.some(
        ({ accepted, listener: { gateway } }) =>
          accepted && gateway !== undefined && isMeshGateway(gateway) && !isWaypoint(gateway),
      ),
    )
    .flatMap(({ rules }) => rules.flatMap(({ backends }) => backends));
}

/** Told only where the mesh is in use at all: some other namespace of the set is in it. */
function outsideMesh(topology: Topology): Finding[] {
  const { objects } = topology;
  const namespaces = objects.all(KINDS.namespace).map(({ object }) => object);
  const inMesh = namespaces.filter((namespace) => textMap(namespace.metadata.labels)[DATAPLANE_MODE] === "ambient");
  if (inMesh.length === 0) return [];
  const routed = new Set(routedServices(topology).map(({ namespace }) => namespace));
  return namespaces.flatMap((namespace) => {
    const { name, labels: all } = namespace.metadata;
    const labels = textMap(all);
    if (!routed.has(name) || labels[DATAPLANE_MODE] !== undefined || isUnknown(all)) return [];
    if (labels["istio-injection"] === "enabled" || labels["istio.io/rev"] !== undefined) return [];
    const pods = topology.workloads.filter((workload) => workload.namespace === name);
    if (pods.length === 0 || pods.every((workload) => workload.labels[DATAPLANE_MODE] !== undefined)) return [];
    const message = `its applications are outside the ambient mesh that ${listed(inMesh.map(({ metadata }) => metadata.name))} ${inMesh.length === 1 ? "is" : "are"} in: the gateway reaches them in clear`;
    const fix = `add the label ${DATAPLANE_MODE}: ambient, or ${DATAPLANE_MODE}: none to say it is meant`;
    return [warning("W34", { from: refOf(namespace), to: null, message, fix })];
  });
}

/** An ingress gateway's own pods should not be captured: they are the mesh's edge. */
function gatewaysInMesh(gateways: readonly Gateway[], { objects, namespaceLabels }: Topology): Finding[] {
  return gateways.flatMap((gateway) => {
    const { namespace, ref, sourced } = gateway;
    if (!isMeshGateway(gateway) || isWaypoint(gateway)) return [];
    if (namespaceLabels.get(namespace)?.[DATAPLANE_MODE] !== "ambient") return [];
    const infrastructure = textMap(fieldsAt(sourced.object, "spec", "infrastructure").labels);
    if (infrastructure[DATAPLANE_MODE] === "none") return [];
    const to = objects.get(KINDS.namespace, null, namespace)?.object;
    const message = `its namespace ${namespace} is in the ambient mesh, so the gateway's own pods are captured, too`;
    const fix = `add to the Gateway: spec.infrastructure.labels: { ${DATAPLANE_MODE}: none }`;
    return [warning("W34", { from: ref, to: to === undefined ? null : refOf(to), message, fix })];
  });
}
