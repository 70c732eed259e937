import { fieldsAt, fieldsList, text } from "../manifests/fields.ts";
import { formatRef } from "../manifests/object.ts";
import type { Gateway, Listener } from "../topology/model.ts";
import { certificateTrouble } from "./certificate-walk.ts";
import { conditionsOf, conditionText, failing, statusOf } from "./conditions.ts";
import type { Broken } from "./diagnosis.ts";
import type { Patient } from "./patient.ts";
import { podsOf, podTrouble } from "./pods.ts";

export function gatewayTrouble({ objects }: Patient, gateway: Gateway): Broken | undefined {
  const conditions = conditionsOf(statusOf(gateway.sourced.object));
  const { namespace, name } = gateway;
  const next = `kubectl -n ${namespace} get gateway ${name} -o yaml`;
  if (conditions.every(({ reason }) => reason === "Pending" || reason === "")) {
    return {
      from: gateway.ref,
      to: { kind: "GatewayClass", namespace: null, name: gateway.className ?? "?" },
      status: "no controller has looked at it",
      meaning: `the controller of GatewayClass ${gateway.className ?? "?"} does not run, or there is no such class`,
      next: "kubectl get gatewayclass; kubectl get pods -n istio-system -n nginx-gateway",
      trouble: "T4",
    };
  }
  const failed = failing(conditions, ["Accepted", "Programmed"]);
  if (!failed) return undefined;
  if (/Address/.test(failed.reason)) {
    const pools = objects.filter(({ kind }) => kind === "IPAddressPool").length;
    return {
      from: gateway.ref,
      to: null,
      status: conditionText(failed),
      meaning:
        pools === 0
          ? "nobody gives its Service an address: there is no MetalLB pool and no cloud load balancer (Pulumi only says: timed out waiting for the condition)"
          : "there is a pool, but its Service got no address: the pool is used up, or the address asked for is outside of it",
      next: `kubectl -n ${namespace} get service -l gateway.networking.k8s.io/gateway-name=${name}; kubectl get ipaddresspools -A`,
      trouble: pools === 0 ? "T3" : "T12",
    };
  }
  const pods = podsOf(objects, namespace, { "gateway.networking.k8s.io/gateway-name": name });
  const pod = pods.map((one) => podTrouble(one, objects)).find((trouble) => trouble !== undefined);
  return (
    pod ?? {
      from: gateway.ref,
      to: null,
      status: conditionText(failed),
      meaning: "its controller does not take it as it is",
      next,
      trouble: "T2",
    }
  );
}

export function listenerTrouble(
  { objects, findings }: Patient,
  gateway: Gateway,
  listener: Listener,
): Broken | undefined {
  for (const reference of listener.tls?.mode === "Passthrough" ? [] : (listener.tls?.certificates ?? [])) {
    const { certificate, secret } = reference.resolution;
    const trouble = certificate && certificateTrouble(objects, certificate);
    if (trouble && secret === undefined) return trouble;
  }
  const statuses = fieldsList(fieldsAt(gateway.sourced.object, "status").listeners);
  const own = statuses.find((status) => text(status.name) === listener.name);
  const failed = failing(conditionsOf(own), ["Accepted", "ResolvedRefs", "Programmed"]);
  if (!failed) return undefined;
  const rule = findings.find(
    ({ from, severity, message }) =>
      severity === "error" && formatRef(from) === formatRef(gateway.ref) && message.includes(listener.name),
  );
  return {
    from: gateway.ref,
    to: rule?.to ?? null,
    status: `listener ${listener.name}: ${conditionText(failed)}`,
    meaning: rule?.message ?? "the listener does not serve; the Gateway as a whole may still say Programmed",
    next: rule?.fix ?? `kubectl -n ${gateway.namespace} describe gateway ${gateway.name}`,
    ...(failed.reason === "RefNotPermitted" ? { trouble: "T26" } : {}),
  };
}
