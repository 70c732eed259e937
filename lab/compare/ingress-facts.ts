import { formatRef } from "../manifests/object.ts";
import type { Ingress, IngressBackend, IngressPath, IngressRule, Topology } from "../topology/model.ts";
import { appOfService } from "./app-of.ts";
import type { AnyFact, Fact, FieldPlace } from "./facts.ts";

const PASSTHROUGH = "nginx.ingress.kubernetes.io/ssl-passthrough";
const REDIRECT = "nginx.ingress.kubernetes.io/ssl-redirect";

/** What Ingress objects say; much of it is said by the controller's habits and not by a field. */
export function ingressFacts({ ingresses }: Topology): Fact[] {
  return ingresses.flatMap((ingress) =>
    ingress.rules.flatMap((rule) => rule.paths.flatMap((path) => factsOfPath(ingress, rule, path))),
  );
}

function factsOfPath(ingress: Ingress, rule: IngressRule, path: IngressPath): Fact[] {
  const app = appOfService(path.backend.resolution.service, ingress.namespace, path.backend.service);
  const name = formatRef(ingress.ref);
  const at = (words: string, ...paths: FieldPlace["path"][]): Pick<Fact, "where" | "fields"> => ({
    where: `${name} ${words}`,
    fields: paths.map((steps) => ({ ref: ingress.ref, path: steps })),
  });
  const ofRule = ["spec", "rules", rule.index];
  const ofPath = [...ofRule, "http", "paths", path.index];
  const unsaid = (words: string): Pick<Fact, "where" | "fields"> => ({ where: words, fields: [] });
  const facts: AnyFact[] = [
    {
      topic: "controller",
      value: ingress.className ?? "the default class",
      ...at("spec.ingressClassName", ["spec", "ingressClassName"]),
    },
    { topic: "door", value: "port 80, HTTP", ...unsaid("the controller's own, for every Ingress of the cluster") },
    { topic: "address", value: "one for all applications", ...unsaid("the controller's Service") },
    { topic: "host", value: rule.host ?? "any", ...at(`spec.rules[${rule.index}].host`, [...ofRule, "host"]) },
    {
      topic: "path",
      value: `${path.pathType} ${path.path}`,
      ...at(`spec.rules[${rule.index}].http.paths[${path.index}]`, [...ofPath, "path"], [...ofPath, "pathType"]),
    },
    {
      topic: "backend",
      value: backendText(path.backend),
      ...at(`…paths[${path.index}].backend.service`, [...ofPath, "backend", "service"]),
    },
    { topic: "who may attach", value: "anybody who may create an Ingress", ...unsaid("no field says it") },
  ];
  if (ingress.sslPassthrough) {
    facts.push(
      {
        topic: "door",
        value: "port 443, TLS by server name",
        ...unsaid("the controller's flag --enable-ssl-passthrough"),
      },
      {
        topic: "where TLS ends",
        value: "in the pod",
        ...at(`metadata.annotations[${PASSTHROUGH}]`, ["metadata", "annotations", PASSTHROUGH]),
      },
    );
  }
  const entry = ingress.tls.findIndex(({ hosts }) => rule.host !== undefined && hosts.includes(rule.host));
  const tls = ingress.tls[entry];
  if (tls) {
    const redirects = ingress.annotations[REDIRECT] !== "false";
    const ofTls = ["spec", "tls"];
    facts.push(
      { topic: "door", value: "port 443, HTTPS", ...at("spec.tls (the port is the controller's own)", ofTls) },
      { topic: "where TLS ends", value: "at the door", ...at("spec.tls", ofTls) },
      {
        topic: "certificate",
        value: `Secret ${ingress.namespace}/${tls.secretName ?? "?"}`,
        ...at("spec.tls[].secretName", [...ofTls, entry, "secretName"]),
      },
      {
        topic: "http to https",
        value: redirects ? "redirected, 308" : "served as it is",
        ...(redirects
          ? unsaid("a habit of ingress-nginx; no field says it")
          : at("metadata.annotations[…/ssl-redirect]", ["metadata", "annotations", REDIRECT])),
      },
    );
  }
  return facts.map((fact) => ({ ...app, ...fact }));
}

function backendText({ service, port }: IngressBackend): string {
  return `${service}:${port ?? "?"}`;
}
