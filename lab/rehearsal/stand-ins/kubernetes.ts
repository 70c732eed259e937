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
  if (inputs.kind === "Gateway") {
    const address = pool.addressOf(`Gateway/${id}`, wantedAddress(inputs));
    return {
      status: {
        addresses: address === undefined ? [] : [{ type: "IPAddress", value: address }],
        conditions: [
          { type: "Accepted", status: "True" },
          { type: "Programmed", status: "True" },
        ],
      },
    };
  }
  if (inputs.kind === "Service" && fieldsAt(inputs, "spec").type === "LoadBalancer") {
    const address = pool.addressOf(`Service/${id}`, text(fieldsAt(inputs, "spec").loadBalancerIP));
    return { status: { loadBalancer: { ingress: address === undefined ? [] : [{ ip: address }] } } };
  }
  return inputs.status === undefined ? { status: {} } : {};
}

function wantedAddress(gateway: Fields): string | undefined {
  return text(fieldsList(fieldsAt(gateway, "spec").addresses)[0]?.value);
}
