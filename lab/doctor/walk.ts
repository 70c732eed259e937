import { formatRef } from "../manifests/object.ts";
import type { Route } from "../topology/model.ts";
import { certificateTrouble } from "./certificate-walk.ts";
import type { Broken, Diagnosis } from "./diagnosis.ts";
import { gatewayTrouble } from "./gateway-walk.ts";
import { ingressTrouble } from "./ingress-walk.ts";
import { listenerTrouble, unroutable } from "./listener-walk.ts";
import type { Patient } from "./patient.ts";
import { attachmentTrouble, backendTrouble, unattached } from "./route-walk.ts";

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
            gateway.listeners
              .map((listener) => listenerTrouble(patient, listener) ?? unroutable(patient, listener))
              .find(Boolean),
        ),
      })),
    ...routes.flatMap((route) => routePaths(patient, route)),
    ...ingresses.map((ingress) => ({ path: formatRef(ingress.ref), ...found(ingressTrouble(patient, ingress)) })),
    ...certificatePaths(patient),
  ];
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
      listenerTrouble(patient, listener) ??
      attachmentTrouble(patient, attachment) ??
      backendTrouble(patient, route);
    return { path, ...found(broken) };
  });
}

/** Certificates that no listener and no Ingress serves: those that pods hold themselves, and those that stand alone. */
function certificatePaths({ topology, objects }: Patient): Diagnosis[] {
  const served = [
    ...topology.gateways.flatMap(({ listeners }) => listeners.flatMap(({ tls }) => tls?.certificates ?? [])),
    ...topology.ingresses.flatMap(({ tls }) => tls.flatMap(({ certificate }) => certificate ?? [])),
  ].map(({ resolution }) => resolution.certificate);
  return topology.certificates
    .filter((certificate) => !served.includes(certificate))
    .map((certificate) => ({
      path: `${formatRef(certificate.ref)} → Secret ${certificate.namespace}/${certificate.secretName}`,
      ...found(certificateTrouble(objects, certificate)),
    }));
}

function found(broken: Broken | undefined): Pick<Diagnosis, "broken"> {
  return broken ? { broken } : {};
}
