import { formatRef } from "../manifests/object.ts";
import type { Ingress, IngressBackend, IngressPath, IngressRule, Topology } from "../topology/model.ts";
import { appOfService } from "./app-of.ts";
import type { Fact } from "./facts.ts";

/** What Ingress objects say; much of it is said by the controller's habits and not by a field. */
export function ingressFacts({ ingresses }: Topology): Fact[] {
  return ingresses.flatMap((ingress) =>
    ingress.rules.flatMap((rule) => rule.paths.flatMap((path) => factsOfPath(ingress, rule, path))),
  );
}

function factsOfPath(ingress: Ingress, rule: IngressRule, path: IngressPath): Fact[] {
  const app = appOfService(path.backend.resolution.service, path.backend.service);
  const name = formatRef(ingress.ref);
  const at = (field: string) => `${name} ${field}`;
  const tls = ingress.tls.find(({ hosts }) => rule.host !== undefined && hosts.includes(rule.host));
  const facts: Omit<Fact, "app">[] = [
    { topic: "controller", value: ingress.className ?? "the default class", where: at("spec.ingressClassName") },
    { topic: "door", value: "port 80, HTTP", where: "the controller's own, for every Ingress of the cluster" },
    { topic: "address", value: "one for all applications", where: "the controller's Service" },
    { topic: "host", value: rule.host ?? "any", where: at(`spec.rules[${rule.index}].host`) },
    {
      topic: "path",
      value: `${path.pathType} ${path.path}`,
      where: at(`spec.rules[${rule.index}].http.paths[${path.index}]`),
    },
    { topic: "backend", value: backendText(path.backend), where: at(`…paths[${path.index}].backend.service`) },
    { topic: "who may attach", value: "anybody who may create an Ingress", where: "no field says it" },
  ];
  if (ingress.sslPassthrough) {
    facts.push(
      { topic: "door", value: "port 443, TLS by server name", where: "the controller's flag --enable-ssl-passthrough" },
      {
        topic: "where TLS ends",
        value: "in the pod",
        where: at("metadata.annotations[nginx.ingress.kubernetes.io/ssl-passthrough]"),
      },
    );
  }
  if (tls) {
    const redirects = ingress.annotations["nginx.ingress.kubernetes.io/ssl-redirect"] !== "false";
    facts.push(
      { topic: "door", value: "port 443, HTTPS", where: at("spec.tls (the port is the controller's own)") },
      { topic: "where TLS ends", value: "at the door", where: at("spec.tls") },
      {
        topic: "certificate",
        value: `Secret ${ingress.namespace}/${tls.secretName ?? "?"}`,
        where: at("spec.tls[].secretName"),
      },
      {
        topic: "http to https",
        value: redirects ? "redirected, 308" : "served as it is",
        where: redirects ? "a habit of ingress-nginx; no field says it" : at("metadata.annotations[…/ssl-redirect]"),
      },
    );
  }
  return facts.map((fact) => ({ app, ...fact }));
}

function backendText({ service, port }: IngressBackend): string {
  return `${service}:${port ?? "?"}`;
}
