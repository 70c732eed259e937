import { type Fields, fields, fieldsAt, fieldsList, text } from "../../manifests/fields.ts";
import { stableId } from "../engine/engine.ts";
import type { Made, Order, StandIn } from "../engine/stand-in.ts";
import { AddressPool } from "./address-pool.ts";

/**
 * A Kubernetes API server that takes every object as it is, and what controllers would write into its status as far as
 * programs read it: addresses of Gateways and load balancers, out of the pool that the stack declares (MetalLB's
 * IPAddressPool, which the stack registers before anything that wants an address), in the order of the object's names.
 */
export function kubernetes(pool = new AddressPool()): StandIn {
  return {
    package: "kubernetes",
    create({ urn, type, name, inputs, preview }: Order): Made {
      if (type === "kubernetes:helm.sh/v3:Release") return release(urn, name, inputs, preview);
      const metadata = { ...fields(inputs.metadata) };
      metadata.name ??= `${name}-${stableId(urn).slice(0, 8)}`;
      const id = typeof metadata.namespace === "string" ? `${metadata.namespace}/${metadata.name}` : `${metadata.name}`;
      if (preview) return { id: "", outputs: {} };
      if (inputs.kind === "IPAddressPool") pool.declare(fieldsAt(inputs, "spec").addresses);
      return { id, outputs: { metadata, ...status(id, inputs, pool) } };
    },
  };
}

function release(urn: string, name: string, inputs: Fields, preview: boolean): Made {
  const releaseName = text(inputs.name) ?? `${name}-${stableId(urn).slice(0, 8)}`;
  const namespace = text(inputs.namespace) ?? "default";
  if (preview) return { id: "", outputs: {} };
  return {
    id: `${namespace}/${releaseName}`,
    outputs: {
      name: releaseName,
      namespace,
      status: { name: releaseName, namespace, status: "deployed", revision: 1, version: inputs.version ?? "" },
    },
  };
}

function status(id: string, inputs: Fields, pool: AddressPool): Fields {
  switch (inputs.kind) {
    case "Gateway":
      return { status: gatewayStatus(id, inputs, pool) };
    case "Service": {
      const spec = fieldsAt(inputs, "spec");
      if (spec.type !== "LoadBalancer") return { status: {} };
      return { status: { loadBalancer: ingressOf(pool.addressOf(`Service/${id}`, text(spec.loadBalancerIP))) } };
    }
    case "Ingress": {
      // Every Ingress of a class is reached at the one Service of its controller.
      const address = pool.addressOf(`IngressClass/${String(fieldsAt(inputs, "spec").ingressClassName)}`);
      return { status: { loadBalancer: ingressOf(address) } };
    }
    default:
      return inputs.status === undefined ? { status: {} } : {};
  }
}

/** As the controller writes it: the address of its Service, or the Service's name where that gets none (ClusterIP). */
function gatewayStatus(id: string, gateway: Fields, pool: AddressPool): Fields {
  const [namespace = "", name = ""] = id.split("/");
  const spec = fieldsAt(gateway, "spec");
  const annotations = {
    ...fieldsAt(gateway, "metadata", "annotations"),
    ...fieldsAt(spec, "infrastructure", "annotations"),
  };
  const conditions = ["Accepted", "Programmed"].map((type) => ({ type, status: "True" }));
  if (annotations["networking.istio.io/service-type"] === "ClusterIP") {
    const value = `${name}-${String(spec.gatewayClassName)}.${namespace}.svc.cluster.local`;
    return { addresses: [{ type: "Hostname", value }], conditions };
  }
  const address = pool.addressOf(`Gateway/${id}`, wantedAddress(gateway));
  return { addresses: address === undefined ? [] : [{ type: "IPAddress", value: address }], conditions };
}

function ingressOf(ip: string | undefined): Fields {
  return { ingress: ip === undefined ? [] : [{ ip }] };
}

function wantedAddress(gateway: Fields): string | undefined {
  return text(fieldsList(fieldsAt(gateway, "spec").addresses)[0]?.value);
}
