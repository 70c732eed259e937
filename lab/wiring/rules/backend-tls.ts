import { type Fields, fields, fieldsAt, fieldsList, text } from "../../manifests/fields.ts";
import { namespaceOf, type Ref, refOf, type Sourced } from "../../manifests/object.ts";
import { KINDS } from "../../manifests/object-index.ts";
import { isUnknown } from "../../manifests/unknown.ts";
import { certificateCovers } from "../../topology/hostnames.ts";
import type { Service, Topology } from "../../topology/model.ts";
import { podReferences } from "../../topology/pod-references.ts";
import { error, type Finding } from "../finding.ts";
import { listed } from "../names.ts";

/** W31: a BackendTLSPolicy names a Service and a CA of its namespace, and the hostname that the backend's certificate has. */
export function backendTls(topology: Topology): Finding[] {
  const targets = new Map<string, Ref>();
  return topology.objects.all(KINDS.backendTlsPolicy).flatMap((policy) => onePolicy(policy, targets, topology));
}

function onePolicy(policy: Sourced, targets: Map<string, Ref>, topology: Topology): Finding[] {
  const from = refOf(policy.object);
  const namespace = namespaceOf(policy.object) ?? "";
  const refs = fieldsList(fieldsAt(policy.object, "spec").targetRefs);
  const validation = fieldsAt(policy.object, "spec", "validation");
  const hostname = text(validation.hostname);
  const found = (to: Ref | null, message: string, fix: string, path?: string) =>
    error("W31", { from, to, message, fix, ...(path === undefined ? {} : { path }) });
  const findings = authorities(policy, validation, namespace, topology, found);
  if ((hostname === undefined || hostname === "") && !isUnknown(fields(policy.object.spec).validation)) {
    const fix = "add hostname: the name in the backend's certificate";
    findings.push(
      found(
        null,
        "validation.hostname is missing: the name that the backend's certificate must have",
        fix,
        "/spec/validation/hostname",
      ),
    );
  }
  for (const ref of refs) findings.push(...target(ref));
  return findings;

  function target(ref: Fields): Finding[] {
    const name = text(ref.name) ?? "";
    const section = text(ref.sectionName) ?? "";
    const to: Ref = { kind: text(ref.kind) ?? "", namespace, name };
    if ((text(ref.group) ?? "") !== "" || ref.kind !== "Service" || isUnknown(name)) return [];
    const key = `${namespace}/${name} ${section}`;
    const before = targets.get(key);
    if (before !== undefined) {
      const other = before.name === from.name ? "twice" : `as BackendTLSPolicy ${before.name} does`;
      const message = `targets Service ${namespace}/${name}${section === "" ? "" : `, section ${section}`} ${other}`;
      return [found(to, message, "give each reference its own sectionName (the name of a Service port)")];
    }
    targets.set(key, from);
    const service = topology.services.find((s) => s.namespace === namespace && s.name === name);
    if (service === undefined) {
      const { state } = topology.objects.lookup(KINDS.service, namespace, name);
      if (state === "unknown" || topology.known.provided?.has(`Service/${namespace}/${name}`)) return [];
      const elsewhere = topology.services.find((s) => s.name === name);
      const fix =
        elsewhere === undefined
          ? "name a Service of its namespace"
          : `move the policy to namespace ${elsewhere.namespace}`;
      return [found(to, `its target does not exist: there is no Service ${namespace}/${name}`, fix)];
    }
    if (section !== "" && !service.ports.some((port) => port.name === section || isUnknown(port.name))) {
      const ports = listed(service.ports.map((port) => port.name ?? port.port));
      return [
        found(
          to,
          `Service ${namespace}/${name} has no port named ${section}: it has ${ports}`,
          "name a port of the Service",
        ),
      ];
    }
    return uncovered(service, to);
  }

  function uncovered(service: Service, to: Ref): Finding[] {
    const names = backendNames(service, topology);
    if (hostname === undefined || hostname === "" || isUnknown(hostname) || names.length === 0) return [];
    if (names.some((name) => certificateCovers(name, hostname.toLowerCase()))) return [];
    const message = `expects a certificate for ${hostname}, but the backend's is for ${listed(names)}: every request fails`;
    return [found(to, message, `set hostname: ${names[0]}`, "/spec/validation/hostname")];
  }
}

/** The names in the certificates that the Service's pods mount; [] when the set shows none. */
function backendNames(service: Service, { certificateRefs }: Topology): string[] {
  return service.workloads.flatMap((workload) =>
    podReferences(workload)
      .filter(({ kind, where }) => kind === "Secret" && where.startsWith("volume"))
      .flatMap(({ name }) => certificateRefs.certificateFor(workload.namespace, name) ?? [])
      .filter(({ isCa }) => !isCa)
      .flatMap(({ dnsNames, commonName }) =>
        dnsNames.length > 0 ? dnsNames : commonName === undefined ? [] : [commonName],
      ),
  );
}

function authorities(
  policy: Sourced,
  validation: Fields,
  namespace: string,
  { objects, known }: Topology,
  found: (to: Ref | null, message: string, fix: string, path?: string) => Finding,
): Finding[] {
  if (isUnknown(fields(policy.object.spec).validation) || isUnknown(validation.caCertificateRefs)) return [];
  const refs = fieldsList(validation.caCertificateRefs);
  const wellKnown = text(validation.wellKnownCACertificates) ?? "";
  const path = "/spec/validation";
  if (refs.length > 0 && wellKnown !== "") {
    return [
      found(
        null,
        "has both caCertificateRefs and wellKnownCACertificates; only one of them can be",
        "keep one of the two",
        path,
      ),
    ];
  }
  if (refs.length === 0 && wellKnown === "") {
    const fix =
      'add caCertificateRefs: [{ group: "", kind: ConfigMap, name: <with ca.crt> }], or wellKnownCACertificates: System';
    return [
      found(
        null,
        "says neither caCertificateRefs nor wellKnownCACertificates: no CA to verify the backend with",
        fix,
        path,
      ),
    ];
  }
  return refs.flatMap((ref) => {
    const name = text(ref.name) ?? "";
    const kind = text(ref.kind) ?? "";
    const to: Ref = { kind, namespace, name };
    const group = text(ref.group) ?? "";
    if (isUnknown(name) || isUnknown(kind) || isUnknown(group)) return [];
    // Some implementations read Secrets and ClusterTrustBundles, too; what must be in them is theirs to say.
    if (kind === "ClusterTrustBundle" || (kind === "Secret" && group === "")) return [];
    if (group !== "" || kind !== "ConfigMap") {
      const shown = `${group === "" ? "" : `${group}/`}${kind}`;
      const message = `caCertificateRef ${name} is of kind ${shown}, which holds no CA (InvalidKind)`;
      return [found(to, message, 'refer to a ConfigMap with the key ca.crt: group: "", kind: ConfigMap')];
    }
    const configMap = objects.lookup(KINDS.configMap, namespace, name);
    if (configMap.state === "unknown" || known.provided?.has(`ConfigMap/${namespace}/${name}`)) return [];
    if (configMap.state === "missing") {
      return isAutomaticConfigMap(name)
        ? []
        : [
            found(
              to,
              `there is no ConfigMap ${namespace}/${name}`,
              `add it to namespace ${namespace}, with key ca.crt`,
            ),
          ];
    }
    const { data, binaryData } = configMap.found.object;
    if (isUnknown(data) || "ca.crt" in fields(data) || "ca.crt" in fields(binaryData)) return [];
    return [found(to, `ConfigMap ${namespace}/${name} has no key ca.crt`, "put the CA's PEM under the key ca.crt")];
  });
}

/** ConfigMaps that the control plane puts into every namespace. */
export function isAutomaticConfigMap(name: string): boolean {
  return name === "kube-root-ca.crt" || name === "istio-ca-root-cert" || name === "openshift-service-ca.crt";
}
