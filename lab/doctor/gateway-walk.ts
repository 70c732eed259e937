import { fields, text } from "../manifests/fields.ts";
import type { KubeObject, Ref } from "../manifests/object.ts";
import type { Gateway } from "../topology/model.ts";
import { type Condition, conditionsOf, conditionText, failing, outdated, statusOf } from "./conditions.ts";
import type { Broken } from "./diagnosis.ts";
import { lastWarning } from "./events.ts";
import type { Patient } from "./patient.ts";
import { podsOf, podTrouble } from "./pods.ts";

/** The label by which a Gateway's pods and Service are found (Gateway API, GEP-1762). */
const NAME_LABEL = "gateway.networking.k8s.io/gateway-name";

/** From a Gateway to its class, its address and its own pods. */
export function gatewayTrouble(patient: Patient, gateway: Gateway): Broken | undefined {
  const { object } = gateway.sourced;
  const conditions = conditionsOf(statusOf(object));
  const untouched = conditions.every(({ reason }) => reason === "Pending" || reason === "");
  const status = untouched ? "no controller has looked at it" : outdated(object, conditions);
  if (status !== undefined) return unseen(patient, gateway, status);
  const failed = failing(conditions, ["Accepted", "Programmed"]);
  if (failed && /Address/.test(failed.reason)) return withoutAddress(patient, gateway, failed);
  const pod = ownPodTrouble(patient, gateway);
  if (pod || !failed) return pod;
  return {
    from: gateway.ref,
    to: null,
    status: conditionText(failed),
    meaning: "its controller does not take it as it is",
    next: `kubectl -n ${gateway.namespace} get gateway ${gateway.name} -o yaml`,
  };
}

/** No controller feels addressed, or the one that did does not any more: there is no such class, or nobody who serves it. */
function unseen({ objects }: Patient, { ref, className = "?" }: Gateway, status: string): Broken {
  const to: Ref = { kind: "GatewayClass", namespace: null, name: className };
  const classes = objects.filter(({ kind }) => kind === "GatewayClass");
  const own = classes.find(({ metadata }) => metadata.name === className);
  const names = classes.map(({ metadata }) => metadata.name).sort();
  if (own === undefined) {
    const there = names.length === 0 ? "there is none at all" : `there are ${names.join(", ")}`;
    return {
      from: ref,
      to,
      status,
      meaning: `there is no GatewayClass ${className}: ${there}; a controller brings its own when it starts`,
      next: "kubectl get gatewayclass",
      trouble: "T15",
    };
  }
  const controller = text(fields(own.spec).controllerName) ?? "a controller that is not named";
  return {
    from: ref,
    to,
    status,
    meaning: `the controller of GatewayClass ${className} (${controller}) does not run, or is far behind`,
    next: `kubectl describe gatewayclass ${className}; kubectl get pods -A`,
    trouble: "T15",
  };
}

function withoutAddress({ objects }: Patient, gateway: Gateway, failed: Condition): Broken {
  const { namespace, name } = gateway;
  const pools = objects.filter(({ kind }) => kind === "IPAddressPool").length;
  const service = serviceOf(objects, gateway);
  const said = service && lastWarning(service, objects);
  return {
    from: gateway.ref,
    to: null,
    status: [conditionText(failed), ...(said === undefined ? [] : [said])].join("; "),
    meaning:
      pools === 0
        ? "nobody gives its Service an address: there is no MetalLB pool and no cloud load balancer (Pulumi only says: timed out waiting for the condition)"
        : "there is a pool, but its Service got no address: the pool is used up, or the address asked for is outside of it",
    next: `kubectl -n ${namespace} describe service -l ${NAME_LABEL}=${name}; kubectl get ipaddresspools -A`,
    trouble: "T2",
  };
}

function serviceOf(objects: readonly KubeObject[], { namespace, name }: Gateway): KubeObject | undefined {
  return objects.find(
    ({ kind, metadata }) =>
      kind === "Service" && metadata.namespace === namespace && metadata.labels?.[NAME_LABEL] === name,
  );
}

/** Controllers say Programmed before, and also without, a pod that serves it. */
function ownPodTrouble({ objects }: Patient, { ref, namespace, name }: Gateway): Broken | undefined {
  const troubles = podsOf(objects, namespace, { [NAME_LABEL]: name }).map((pod) => podTrouble(pod, objects));
  const [first] = troubles;
  return first !== undefined && troubles.every((trouble) => trouble !== undefined) ? { ...first, to: ref } : undefined;
}
