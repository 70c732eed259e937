import { fieldsAt, fieldsList, text } from "../manifests/fields.ts";
import { formatRef, type KubeObject } from "../manifests/object.ts";
import type { Attachment, Gateway, Ingress, Listener, Route, Service, Topology } from "../topology/model.ts";
import type { Finding } from "../wiring/finding.ts";
import { certificateTrouble } from "./certificate-walk.ts";
import { conditionsOf, conditionText, failing, statusOf } from "./conditions.ts";
import type { Broken, Diagnosis } from "./diagnosis.ts";
import { podsOf, podTrouble } from "./pods.ts";

/** What the walk looks at: live objects with their status, the topology made of them, and the static findings. */
export interface Patient {
  readonly topology: Topology;
  readonly objects: readonly KubeObject[];
  readonly findings: readonly Finding[];
}

/** Walks every path from the outside in and stops at the first broken wire of each. */
export function diagnose(patient: Patient): Diagnosis[] {
  const { gateways, routes, ingresses } = patient.topology;
  return [
    ...gateways
      .filter(({ listeners }) => listeners.every(({ attachments }) => attachments.length === 0))
      .map((gateway) => ({
        path: formatRef(gateway.ref),
        ...found(
          gatewayTrouble(patient, gateway) ??
            gateway.listeners.map((listener) => listenerTrouble(patient, gateway, listener)).find(Boolean),
        ),
      })),
    ...routes.flatMap((route) => routePaths(patient, route)),
    ...ingresses.map((ingress) => ({ path: formatRef(ingress.ref), ...found(ingressTrouble(patient, ingress)) })),
  ];
}

function found(broken: Broken | undefined): Pick<Diagnosis, "broken"> {
  return broken ? { broken } : {};
}

function routePaths(patient: Patient, route: Route): Diagnosis[] {
  if (route.attachments.length === 0) {
    return [{ path: formatRef(route.ref), ...found(unattached(patient, route)) }];
  }
  return route.attachments.map((attachment) => {
    const { listener } = attachment;
    const gateway = listener.gateway;
    const host = listener.hostname ?? "any host";
    const path = `${listener.protocol} ${host}:${listener.port} → ${formatRef(listener.owner.ref)}, listener ${listener.name} → ${formatRef(route.ref)}`;
    const broken =
      (gateway && gatewayTrouble(patient, gateway)) ??
      (gateway && listenerTrouble(patient, gateway, listener)) ??
      attachmentTrouble(patient, attachment) ??
      backendTrouble(patient, route);
    return { path, ...found(broken) };
  });
}

function gatewayTrouble({ objects }: Patient, gateway: Gateway): Broken | undefined {
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
  const pod = pods.map(podTrouble).find((trouble) => trouble !== undefined);
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

function listenerTrouble({ objects, findings }: Patient, gateway: Gateway, listener: Listener): Broken | undefined {
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

/** No parent status at all is what a wrong parentRef looks like (T15): only the static check can tell why. */
function unattached(patient: Patient, route: Route): Broken {
  const rule = ruleOf(patient, route);
  return {
    from: route.ref,
    to: rule?.to ?? null,
    status: "no controller has written a status for it",
    meaning: rule?.message ?? "its parentRef leads nowhere",
    next: rule?.fix ?? `kubectl -n ${route.namespace} get ${route.kind.toLowerCase()} ${route.name} -o yaml`,
    trouble: "T15",
  };
}

function attachmentTrouble(patient: Patient, { route, accepted }: Attachment): Broken | undefined {
  const parents = fieldsList(fieldsAt(route.sourced.object, "status").parents);
  const failed = parents.map((parent) => failing(conditionsOf(parent), ["Accepted", "ResolvedRefs"])).find(Boolean);
  const rule = ruleOf(patient, route);
  if (parents.length === 0) return unattached(patient, route);
  if (!failed && accepted) return undefined;
  const allowed = failed?.reason === "NotAllowedByListeners";
  return {
    from: route.ref,
    to: rule?.to ?? null,
    status: failed ? conditionText(failed) : "accepted elsewhere, not by this listener",
    meaning: rule?.message ?? "the listener does not take the route",
    next: rule?.fix ?? `kubectl -n ${route.namespace} describe ${route.kind.toLowerCase()} ${route.name}`,
    ...(allowed ? { trouble: "T26" } : {}),
  };
}

function ruleOf({ findings }: Patient, route: Route): Finding | undefined {
  return findings.find(({ from, severity }) => severity === "error" && formatRef(from) === formatRef(route.ref));
}

function backendTrouble(patient: Patient, route: Route): Broken | undefined {
  for (const { resolution } of route.rules.flatMap(({ backends }) => backends)) {
    const trouble = resolution.service && serviceTrouble(patient, resolution.service);
    if (trouble) return trouble;
  }
  return undefined;
}

/** A Service without a ready endpoint: because no pod matches, or because the pods are not ready. */
function serviceTrouble({ objects, findings }: Patient, service: Service): Broken | undefined {
  const slices = objects.filter(
    ({ kind, metadata }) =>
      kind === "EndpointSlice" &&
      metadata.namespace === service.namespace &&
      metadata.labels?.["kubernetes.io/service-name"] === service.name,
  );
  const ready = slices
    .flatMap((slice) => fieldsList(slice.endpoints))
    .some((endpoint) => fieldsAt(endpoint, "conditions").ready !== false);
  const rule = findings.find(
    ({ from, to, severity }) =>
      severity === "error" && [from, to].some((ref) => ref && formatRef(ref) === formatRef(service.ref)),
  );
  if (ready && !rule) return undefined;
  const pods = podsOf(objects, service.namespace, service.selector ?? {});
  const trouble = pods.map(podTrouble).find((one) => one !== undefined);
  if (trouble) return { ...trouble, to: service.ref };
  if (rule)
    return {
      from: service.ref,
      to: rule.to,
      status: ready ? "it has endpoints" : "it has no ready endpoints",
      meaning: rule.message,
      next: rule.fix,
    };
  return {
    from: service.ref,
    to: null,
    status: "it has no ready endpoints",
    meaning:
      pods.length === 0
        ? "its selector matches no pod: clients see 503"
        : "its pods are there but none is ready: clients see 503",
    next: `kubectl -n ${service.namespace} get pods -l ${Object.entries(service.selector ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(",")}`,
  };
}

function ingressTrouble(patient: Patient, ingress: Ingress): Broken | undefined {
  const rule = patient.findings.find(
    ({ from, severity }) => severity === "error" && formatRef(from) === formatRef(ingress.ref),
  );
  for (const { certificate } of ingress.tls) {
    const declared = certificate?.resolution.certificate;
    const trouble =
      declared && !certificate.resolution.secret ? certificateTrouble(patient.objects, declared) : undefined;
    if (trouble) return trouble;
  }
  if (rule)
    return {
      from: ingress.ref,
      to: rule.to,
      status: "the controller says nothing of it",
      meaning: rule.message,
      next: rule.fix,
    };
  for (const path of ingress.rules.flatMap(({ paths }) => paths)) {
    const trouble = path.backend.resolution.service && serviceTrouble(patient, path.backend.resolution.service);
    if (trouble) return trouble;
  }
  const addresses = fieldsList(fieldsAt(ingress.sourced.object, "status", "loadBalancer").ingress);
  if (addresses.length > 0) return undefined;
  return {
    from: ingress.ref,
    to: { kind: "IngressClass", namespace: null, name: ingress.className ?? "?" },
    status: "status.loadBalancer is empty",
    meaning: "no controller serves its class, or the controller's Service has no address",
    next: "kubectl -n ingress-nginx get pods,service; kubectl get ingressclass",
    trouble: "T3",
  };
}
