import { formatRef, type Ref } from "../../manifests/object.ts";
import { KINDS } from "../../manifests/object-index.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import { annotatedIssuer } from "../../topology/certificates.ts";
import { certificateCovers } from "../../topology/hostnames.ts";
import type { Ingress, IngressBackend, Topology } from "../../topology/model.ts";
import { error, type Finding, warning } from "../finding.ts";
import { listed, nearest } from "../names.ts";
import { otherService, portFinding } from "./backends.ts";
import { namesOf, pairProblem } from "./certificate-refs.ts";

const TLS_ACME = "kubernetes.io/tls-acme";
const CANARY = "nginx.ingress.kubernetes.io/canary";

/** I1–I6 */
export function ingresses(topology: Topology): Finding[] {
  const all = topology.ingresses;
  return [
    ...all.flatMap((ingress) => [
      ...unknownClass(ingress, topology),
      ...brokenBackends(ingress, topology),
      ...secrets(ingress),
      ...passthrough(ingress, topology),
    ]),
    ...duplicates(all),
  ];
}

/** I1 */
function unknownClass({ className, ref }: Ingress, { objects, known }: Topology): Finding[] {
  if (className === undefined || isUnknown(className) || known.ingressClasses.includes(className)) return [];
  if (objects.lookup(KINDS.ingressClass, null, className).state !== "missing") return [];
  const own = objects.all(KINDS.ingressClass).map(({ object }) => object.metadata.name);
  const meant = nearest(className, [...own, ...known.ingressClasses]);
  const to: Ref = { kind: "IngressClass", namespace: null, name: className };
  const message = `ingressClassName ${className} names no IngressClass: no controller will serve this Ingress`;
  const fix =
    meant === undefined
      ? `install the controller that brings IngressClass ${className}`
      : `set ingressClassName: ${meant}`;
  return [error("I1", { from: ref, to, message, fix })];
}

/** I2 */
function brokenBackends(ingress: Ingress, topology: Topology): Finding[] {
  const backends = ingress.rules.flatMap(({ paths }) => paths.map(({ backend }) => backend));
  const { defaultBackend } = ingress;
  return [...backends, ...(defaultBackend === undefined ? [] : [defaultBackend])].flatMap((backend) =>
    brokenBackend(ingress, backend, topology),
  );
}

function brokenBackend({ ref: from, namespace }: Ingress, backend: IngressBackend, topology: Topology): Finding[] {
  const { reason, detail } = backend.resolution;
  const to: Ref = { kind: "Service", namespace, name: backend.service };
  if (reason === undefined) return [];
  if (reason === "BackendNotFound") {
    const message = `${detail} (an Ingress reaches only Services of its own namespace): requests are answered 503`;
    return [error("I2", { from, to, message, fix: otherService(topology, namespace, backend.service) })];
  }
  return [portFinding("I2", from, to, backend.port, backend.resolution)];
}

/** I3 and I6; a passthrough Ingress uses no Secret. */
function secrets(ingress: Ingress): Finding[] {
  const { ref: from, sourced, tls, sslPassthrough, namespace, annotations } = ingress;
  if (sslPassthrough) return [];
  return tls.flatMap(({ hosts, certificate, secretName }, index): Finding[] => {
    if (certificate === undefined || secretName === undefined || isUnknown(secretName)) return [];
    const to: Ref = { kind: "Secret", namespace, name: secretName };
    const { reason, detail } = certificate.resolution;
    // cert-manager then makes it with the issuer it was started with, which no manifest says.
    if (reason !== undefined && annotations[TLS_ACME] === "true") return [];
    if (reason !== undefined) {
      const annotated =
        annotatedIssuer(sourced) === undefined ? "" : " although an issuer is annotated (a tls entry without hosts)";
      const fix = `add a Certificate in namespace ${namespace} with secretName: ${secretName}, or the annotation cert-manager.io/cluster-issuer`;
      return [
        error("I3", {
          from,
          to,
          message: `tls: ${detail}${annotated}: the controller serves its own fake certificate`,
          fix,
        }),
      ];
    }
    const problem = pairProblem(certificate);
    if (problem !== undefined) {
      const message = `tls: ${problem.key} of ${formatRef(to)} ${problem.what}: the controller serves its own fake certificate`;
      const path = `/spec/tls/${index}/secretName`;
      return [error("I3", { from, to, message, fix: problem.fix, path, toPath: problem.path })];
    }
    const names = namesOf(certificate);
    if (names === undefined) return [];
    return hosts
      .filter((host) => !isUnknown(host) && !names.some((name) => certificateCovers(name, host)))
      .map((host) => {
        const message = `tls host ${host} is not among the names of the certificate in Secret ${secretName}: ${listed(names)}`;
        const target = certificate.resolution.certificate?.ref ?? to;
        return warning("I6", { from, to: target, message, fix: `add ${host} to the certificate's dnsNames` });
      });
  });
}

/** I4: the controller serves one of the two and refuses or ignores the other; a canary is meant to share. */
function duplicates(all: readonly Ingress[]): Finding[] {
  const first = new Map<string, Ingress>();
  return all.flatMap((ingress) => {
    if (ingress.annotations[CANARY] === "true") return [];
    return ingress.rules.flatMap(({ host, paths }) =>
      paths.flatMap(({ path, pathType }): Finding[] => {
        const key = `${ingress.className ?? ""} ${host ?? "*"} ${pathType} ${path}`;
        const before = first.get(key);
        if (before === undefined) {
          first.set(key, ingress);
          return [];
        }
        if (isUnknown(key)) return [];
        const where = before === ingress ? "twice" : `as Ingress ${before.namespace}/${before.name} does`;
        const message = `claims host ${host ?? "*"}, path ${path} (${pathType}) ${where}`;
        return [
          error("I4", {
            from: ingress.ref,
            to: before.ref,
            message,
            fix: "change the host or the path of one of them",
          }),
        ];
      }),
    );
  });
}

/** I5: ingress-nginx ignores the annotation unless it was started for it. */
function passthrough({ sslPassthrough, ref }: Ingress, { known, workloads }: Topology): Finding[] {
  if (!sslPassthrough || known.ingressSslPassthrough === true) return [];
  const on = workloads.some(({ containers }) =>
    containers.some(({ args, command }) =>
      [...args, ...command].some(
        (arg) => arg === "--enable-ssl-passthrough" || arg === "--enable-ssl-passthrough=true",
      ),
    ),
  );
  if (on && known.ingressSslPassthrough === undefined) return [];
  const message =
    "is annotated ssl-passthrough, but nothing starts the controller with --enable-ssl-passthrough: TLS ends at the controller";
  const fix = "set controller.extraArgs.enable-ssl-passthrough of the ingress-nginx chart";
  return [error("I5", { from: ref, to: null, message, fix })];
}
