import { type Fields, fields, fieldsList, text, textList, textMap } from "../manifests/fields.ts";
import { namespaceOf, refOf, type Sourced } from "../manifests/object.ts";
import { KINDS, type ObjectIndex } from "../manifests/object-index.ts";
import type { BackendResolver } from "./backends.ts";
import type { CertificateResolver } from "./certificate-refs.ts";
import type { Ingress, IngressBackend, IngressTls } from "./model.ts";
import { hostname, port } from "./values.ts";

const PASSTHROUGH = "nginx.ingress.kubernetes.io/ssl-passthrough";

/** The Ingresses of a set, backends and TLS Secrets looked up. */
export function readIngresses(
  objects: ObjectIndex,
  backends: BackendResolver,
  certificates: CertificateResolver,
): Ingress[] {
  return objects.all(KINDS.ingress).map((sourced) => readIngress(sourced, backends, certificates));
}

function readIngress(sourced: Sourced, backends: BackendResolver, certificates: CertificateResolver): Ingress {
  const { object } = sourced;
  const spec = fields(object.spec);
  const namespace = namespaceOf(object) ?? "";
  const annotations = textMap(object.metadata.annotations);
  const from = { group: "networking.k8s.io", kind: "Ingress", namespace };
  return {
    ref: refOf(object),
    sourced,
    namespace,
    name: object.metadata.name,
    className: text(spec.ingressClassName) ?? annotations["kubernetes.io/ingress.class"],
    annotations,
    sslPassthrough: annotations[PASSTHROUGH] === "true",
    rules: fieldsList(spec.rules).map((rule, index) => ({
      index,
      host: hostname(rule.host),
      paths: fieldsList(fields(rule.http).paths).flatMap((path, i) => {
        const target = backend(fields(path.backend));
        if (target === undefined) return [];
        return [{ index: i, path: text(path.path) ?? "/", pathType: text(path.pathType) ?? "", backend: target }];
      }),
    })),
    tls: fieldsList(spec.tls).map(tlsEntry),
    defaultBackend: spec.defaultBackend === undefined ? undefined : backend(fields(spec.defaultBackend)),
  };

  /** Undefined for a `resource` backend, which is no Service. */
  function backend(raw: Fields): IngressBackend | undefined {
    if (raw.service === undefined) return undefined;
    const service = fields(raw.service);
    const given = fields(service.port);
    const name = text(service.name) ?? "";
    const wanted = port(given.number) ?? text(given.name);
    const target = { group: "", kind: "Service", namespace, name, port: wanted };
    return { service: name, port: wanted, resolution: backends.resolve(from, target) };
  }

  function tlsEntry(raw: Fields): IngressTls {
    const hosts = textList(raw.hosts).map((host) => host.toLowerCase());
    const secretName = text(raw.secretName) || undefined;
    if (secretName === undefined) return { hosts, secretName, certificate: undefined };
    const target = { group: "", kind: "Secret", namespace, name: secretName };
    return { hosts, secretName, certificate: { ...target, resolution: certificates.resolve(from, target) } };
  }
}
